// Starts the page that the address names, up to the card; main_paying.js has those after it.
import { startCard } from "./card.js";
import { startLink } from "./link.js";
import { showPlain } from "./problems.js";
import { startResume } from "./resume.js";
import { startPage } from "./start.js";

const pages = { card: startCard, checkout: startResume, link: startLink, nowhere: showPlain, home: showPlain };
const { page: asked } = document.documentElement.dataset;
startPage(() => pages[asked](asked));
