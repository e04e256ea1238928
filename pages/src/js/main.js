// Starts the page that the address names.
import { startCard } from "./card.js";
import { startChoice } from "./choice.js";
import { startLink } from "./link.js";
import { showPlain } from "./problems.js";
import { startResume } from "./resume.js";
import { startResult } from "./result.js";
import { startPage } from "./start.js";

const pages = { card: startCard, checkout: startResume, choice: startChoice, result: startResult, link: startLink, nowhere: showPlain, home: showPlain };
const { page: asked } = document.documentElement.dataset;
startPage(() => pages[asked](asked));
