// Starts the card page on which Shift4's own script draws the fields: a script of its own, so that no other carries it.
import { startShift4 } from "./shift4.js";
import { startPage } from "./start.js";

startPage(startShift4);
