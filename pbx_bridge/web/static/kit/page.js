// What every page of a face with forms and lists does with scripts on; without them it works too.

import { watchForms } from "./unsaved.js";
import { fadeFlash } from "./flash.js";
import { choosers } from "./chooser.js";
import { deeds } from "./deeds.js";
import { fold } from "./fold.js";
import { focusTarget } from "./target.js";

document.documentElement.dataset.scripts = "on";
fold(document.querySelectorAll("[data-fold]"), location.hash);
choosers(document.querySelectorAll("[data-chooser]"));
watchForms(document.querySelectorAll("form[data-form]"));
fadeFlash(document.querySelector("[data-flash]"));
deeds();
focusTarget(location.hash);
