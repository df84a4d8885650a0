/** The way from a link to the help, whoever shows the link. */
import { createContext } from "react";

/** Opens the help at a paragraph. */
export const OpenHelp = createContext<(paragraph: string) => void>(() => {});

/** How the links begin that lead to a paragraph of the help. */
export const HELP_LINK = "help:";
