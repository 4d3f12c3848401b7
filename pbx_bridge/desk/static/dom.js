// Changing the page in place, as every live page of the house does.

export * from "../web/dom.js";
