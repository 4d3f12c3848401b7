// What every page in the kit's frame does with scripts on: what each page does, and its navigation on a phone.

import "./page.js";
import { drawer } from "./drawer.js";

drawer(document.querySelector("#navigation"));
