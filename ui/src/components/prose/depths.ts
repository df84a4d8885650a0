/** Which depths of headings a text has: a bit for each, the highest heading's the lowest. */
import { createContext } from "react";

export const Depths = createContext(0);
