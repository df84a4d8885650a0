/** Words of an answer go to the page beside it, where they wait to be accepted. */
export const PROPOSE = "Propose in the page";

/** Words for the composer that the user chose instead of typing them. */
export interface Offered {
  text: string;
  /** In place of what stands there, at the caret, or at the end with the caret before them. */
  where: "whole" | "caret" | "above";
}
