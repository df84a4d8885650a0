import type { SheetPart } from "../../backend/client";

const PAGE: Record<string, string> = {
  title: "The page’s title",
  before: "The text before",
  after: "The text after",
  passage: "The passage",
};

/** What a part is, in words. */
export function partName({ key, kind, role }: SheetPart): string {
  switch (kind) {
    case "instructions":
      return "Instructions";
    case "notes":
      return "Notes of the project";
    case "pictures":
      return role === "assistant" ? "Picture in an answer" : "Your picture";
    case "page":
      return PAGE[key] ?? "Your page";
    case "messages":
      return role === "assistant" ? "Answer" : "Your message";
  }
}
