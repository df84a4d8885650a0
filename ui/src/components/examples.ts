/** Something real to begin with, for whoever sits there. */

export interface Example {
  /** What the button says. */
  short: string;
  /** What is put into the composer. */
  text: string;
}

const WRITING: Example[] = [
  {
    short: "Five openings for a story about a lighthouse keeper’s last night",
    text: "Give me five opening lines for a short story about a lighthouse keeper on the last night before the light is switched off for good. Make each one a different kind of opening.",
  },
  {
    short: "Find what is slack in a paragraph of mine",
    text: "Here is a paragraph of mine. Tell me which words do no work, and why, but leave the rewriting to me.\n\n",
  },
  {
    short: "Questions to know a character by",
    text: "I have a character: a retired harbour pilot who will not go near the sea any more. Ask me ten questions that would help me to know her, easy ones first.",
  },
];

const DESIGN: Example[] = [
  {
    short: "Names for a bakery that opens at night",
    text: "Suggest twelve names for a bakery that opens at ten in the evening and closes at dawn. Short, easy to say on the phone, and one line on the feeling of each.",
  },
  {
    short: "A palette from a place",
    text: "Make a palette of six colours from a fishing harbour on a foggy morning: a name, a hex value and a use for each, with one accent that passes AA on the lightest.",
  },
  {
    short: "Read a brief for what it leaves out",
    text: "Here is a client’s brief. What does it leave unsaid that I should ask before I draw anything?\n\n",
  },
];

const BOTH: Example[] = [
  ...WRITING.slice(0, 1),
  ...DESIGN.slice(0, 1),
  {
    short: "Three ways to say what something is, in one sentence",
    text: "I make hand-bound notebooks from offcuts of sailcloth. Say what they are in one sentence, three ways: plain, warm, and dry.",
  },
];

const OF_DESIGN = /design|brand|brief|colou?r|palette|layout|typograph|interface|mood|visual|naming|tagline|logo/i;
const OF_WRITING = /writ|edit|story|stories|prose|draft|novel|scene|character|dialogue|poem|line|read/i;

const OF_READING = /\b(?:read|edit|notes|question|critic|review)/i;

/** What a starting point is for, by its name and its one line. */
export function purposeOf(words: string): "Write" | "Read" | "Design" {
  if (/\bname/i.test(words)) return "Write";
  if (OF_DESIGN.test(words)) return "Design";
  return OF_READING.test(words) ? "Read" : "Write";
}

/** Examples that suit a starting point, judged by what it says of itself. */
export function examplesFor(words: string): Example[] {
  if (OF_DESIGN.test(words)) return DESIGN;
  return OF_WRITING.test(words) ? WRITING : BOTH;
}
