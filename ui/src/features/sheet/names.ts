import type { SheetPart } from "../../backend/client";

/** What a part is, in words. */
export function partName({ kind, role }: SheetPart): string {
  switch (kind) {
    case "instructions":
      return "Instructions";
    case "notes":
      return "Notes of the project";
    case "pictures":
      return role === "assistant" ? "Picture in an answer" : "Your picture";
    case "messages":
      return role === "assistant" ? "Answer" : "Your message";
  }
}
