// What every page does with scripts on; without them it works too.

import { watchForms } from "./unsaved.js";
import { fadeFlash } from "./flash.js";
import { drawer } from "./drawer.js";
import { focusTarget } from "./target.js";

document.documentElement.dataset.scripts = "on";
watchForms(document.querySelectorAll("form[data-form]"));
fadeFlash(document.querySelector("[data-flash]"));
drawer(document.querySelector("#navigation"));
focusTarget(location.hash);
