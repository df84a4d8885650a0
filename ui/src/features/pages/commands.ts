/** What can be done with a passage, as it is called everywhere. */
import type { CommandView } from "../../backend/client";

export interface Task {
  command: CommandView;
  name: string;
}

export const TASKS: readonly Task[] = [
  { command: "rewrite", name: "In other words" },
  { command: "tighten", name: "Shorter" },
  { command: "expand", name: "Longer" },
  { command: "simpler", name: "Plainer" },
  { command: "grammar", name: "Fix spelling and grammar" },
];
