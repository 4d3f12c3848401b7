// What every page of the portal does with scripts on: what each page does, and its navigation on a phone.

import "../web/kit/page.js";
import { drawer } from "./drawer.js";

drawer(document.querySelector("#navigation"));
