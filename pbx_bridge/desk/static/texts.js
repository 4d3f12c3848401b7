// The words of the page, as every live page of the house has them.

export * from "../web/texts.js";
