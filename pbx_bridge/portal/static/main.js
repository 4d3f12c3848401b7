// What every page does with scripts on; without them it works too.

import { watchForms } from "../web/kit/unsaved.js";
import { fadeFlash } from "../web/kit/flash.js";
import { choosers } from "../web/kit/chooser.js";
import { deeds } from "../web/kit/deeds.js";
import { fold } from "../web/kit/fold.js";
import { drawer } from "./drawer.js";
import { focusTarget } from "../web/kit/target.js";

document.documentElement.dataset.scripts = "on";
fold(document.querySelectorAll("[data-fold]"), location.hash);
choosers(document.querySelectorAll("[data-chooser]"));
watchForms(document.querySelectorAll("form[data-form]"));
fadeFlash(document.querySelector("[data-flash]"));
deeds();
drawer(document.querySelector("#navigation"));
focusTarget(location.hash);
