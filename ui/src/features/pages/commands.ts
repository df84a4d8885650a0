/** What can be done with a passage, as it is called everywhere. */
import type { CommandView } from "../../backend/client";
import type { Wish } from "./useProposal";

export interface Task {
  command: CommandView;
  name: string;
}

export const TASKS: readonly Task[] = [
  { command: "rewrite", name: "In other words" },
  { command: "tighten", name: "Shorter" },
  { command: "expand", name: "Longer" },
  { command: "simpler", name: "Plainer" },
  { command: "senses", name: "With the senses" },
  { command: "grammar", name: "Fix spelling and grammar" },
];

/** What is asked for with one more word. */
export interface Choices {
  command: CommandView;
  name: string;
  hint: string;
  words: readonly string[];
}

export const CHOICES: readonly Choices[] = [
  {
    command: "tone",
    name: "In another tone",
    hint: "Another tone…",
    words: ["Warmer", "Cooler", "More formal", "More casual", "Funnier", "Darker", "Gentler", "More urgent"],
  },
  {
    command: "translate",
    name: "Translate",
    hint: "Another language…",
    words: [
      "English",
      "German",
      "French",
      "Spanish",
      "Italian",
      "Portuguese",
      "Dutch",
      "Polish",
      "Japanese",
      "Chinese",
    ],
  },
];

/** A tone is said as part of a sentence; a language keeps its capital. */
export function chosen({ command }: Choices, words: string): Wish {
  return { command, words: command === "tone" ? words.charAt(0).toLowerCase() + words.slice(1) : words };
}
