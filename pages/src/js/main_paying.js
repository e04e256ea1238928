// Starts the pages after the card: a script of its own, so that the first page does not carry it.
import { startChoice } from "./choice.js";
import { startResult } from "./result.js";
import { startPage } from "./start.js";

const pages = { choice: startChoice, result: startResult };
startPage(pages[document.documentElement.dataset.page]);
