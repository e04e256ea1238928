// Starts the page of a card's bank: a script of its own, so that no other page carries it.
import { startAuthenticate } from "./authenticate.js";
import { startPage } from "./start.js";

startPage(startAuthenticate);
