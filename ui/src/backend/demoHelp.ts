/** A little of the help, for a browser and for tests: the app reads its own from the core. */
import type { HelpPage } from "./client";

export const HELP: HelpPage[] = [
  {
    title: "Your words and your privacy",
    paragraphs: [
      {
        id: "where-words",
        title: "Where your words are kept",
        text: "They stay on this computer: everything you write is in one library on this disk.",
      },
      {
        id: "lock",
        title: "The offline lock",
        text: "The offline lock is the switch at the foot of the left pane. While it is on, nothing leaves this computer.",
      },
    ],
  },
  {
    title: "Models",
    paragraphs: [
      {
        id: "get-model",
        title: "Getting a model",
        text: "Open Settings, Models. Under “More models”, each has a button that says how much will be downloaded.",
      },
    ],
  },
];

export function searched(wanted: string): string[] {
  const has = (text: string) => wanted.trim() !== "" && text.toLowerCase().includes(wanted.trim().toLowerCase());
  return HELP.flatMap(({ paragraphs }) => paragraphs)
    .filter(({ title, text }) => has(title) || has(text))
    .map(({ id }) => id);
}
