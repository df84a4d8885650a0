/** What the demo shows: talks such as writers and designers have. */
import type { Alternatives, MessageView, ProjectView, StartingPoint, Tallies, Thread } from "./client";

export const ANSWER = `The salt came first. Before the road had a name, before anyone thought to draw it, there were the pans and the women who raked them, and the *slow* white light that made them squint even in sleep.

Here are three ways in, each at a different distance:

1. **Close.** She tasted the air and knew the tide had turned.
2. **Middle.** Every spring the mules went up thin and came back thinner.
3. **Far.** In 1487 the road was eleven days long and cost one finger in winter.

> A road is only a habit that many people have kept.

If you want the far one to stay warm, give it one small thing to hold: a strap, a bell, a bad tooth.

\`\`\`
day 1   pans      wind SW
day 2   ford      mule lame
\`\`\`

Which of the three would you read on from?`;

const alone: Alternatives = { position: 1, count: 1, previous: null, next: null };
const made = {
  place: "device",
  model: "Ministral 3 3B",
  tokens: 312,
  tokensPerSecond: 9.1,
  provider: null,
  backend: null,
  cost: null,
} as const;

function userMessage(id: number, text: string): MessageView {
  return { id, role: "user", text, state: "complete", made: null, pictures: [], remark: null, alternatives: alone };
}

function answer(id: number, text: string, more: Partial<MessageView> = {}): MessageView {
  return {
    id,
    role: "assistant",
    text,
    state: "complete",
    made: { ...made },
    pictures: [],
    remark: null,
    alternatives: alone,
    ...more,
  };
}

/** A conversation in which nothing was changed. */
export function talk(id: number, project: number | null, title: string, messages: MessageView[]): Thread {
  return {
    id,
    project,
    title,
    instructions: "",
    draft: "",
    attached: [],
    branch: messages.map(({ id }) => id),
    messages,
    leaving: "asProject",
    leftOut: [],
    goesTo: null,
    comparison: null,
  };
}

/** What was chosen side by side. */
export const TALLIES: Tallies = {
  mixed: 14,
  here: 9,
  neither: 2,
  models: [
    { here: true, model: "Ministral 3 3B", compared: 15, chosen: 9 },
    { here: false, model: "mistral-large", compared: 14, chosen: 4 },
    { here: true, model: "Gemma 3 4B", compared: 1, chosen: 0 },
  ],
};

/** A harbour in fog, drawn here. */
export const PICTURE = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1200 800"><rect width="1200" height="800" fill="#c9cfce"/><rect y="470" width="1200" height="330" fill="#8fa0a3"/><path d="M0 480 260 400 520 470 900 380 1200 460V500H0Z" fill="#aab4b4"/><path d="M500 600h240l-40 70H540Z" fill="#9e3d2f"/><path d="M615 590V400l90 180Z" fill="#f3ede3"/></svg>',
)}`;

export const PROJECTS: ProjectView[] = [
  {
    id: 1,
    name: "The Salt Road",
    notes:
      "A novel in three parts, 1487 to 1511. Marit is nineteen and never says what she wants. No magic. British spelling.",
    leaving: null,
    goesTo: null,
    cap: null,
    mood: null,
    bannedPhrases: [],
  },
  {
    id: 2,
    name: "Café Nord",
    notes: "Identity for a night bakery in Tromsø.",
    leaving: null,
    goesTo: null,
    cap: null,
    mood: null,
    bannedPhrases: [],
  },
];

export const POINTS: StartingPoint[] = [
  {
    id: 11,
    name: "Line editor",
    description: "Tightens sentences and keeps the voice.",
    instructions: "You are a line editor.",
    builtIn: true,
  },
  {
    id: 12,
    name: "First reader",
    description: "Honest notes, no rewriting.",
    instructions: "You are a first reader.",
    builtIn: true,
  },
  {
    id: 13,
    name: "Story partner",
    description: "What if, and what then.",
    instructions: "You think through stories.",
    builtIn: true,
  },
  {
    id: 14,
    name: "Scene by scene",
    description: "Turns an idea into beats.",
    instructions: "You help an author plan.",
    builtIn: true,
  },
  {
    id: 15,
    name: "Names and taglines",
    description: "Many short candidates, sorted by idea.",
    instructions: "You name things.",
    builtIn: true,
  },
  {
    id: 16,
    name: "Brand voice",
    description: "Finds how a brand speaks.",
    instructions: "You find how a brand speaks.",
    builtIn: true,
  },
  {
    id: 17,
    name: "Colour and mood",
    description: "Palettes with reasons and hex values.",
    instructions: "You are a colourist.",
    builtIn: true,
  },
  {
    id: 18,
    name: "Sharper brief",
    description: "Turns a vague request into a brief.",
    instructions: "You write briefs.",
    builtIn: true,
  },
];

export const THREADS: Thread[] = [
  {
    ...talk(21, 1, "Opening lines", [
      userMessage(
        1,
        "I need an opening for the first part. The salt pans, spring, before the mules leave. Not pretty.",
      ),
      answer(2, ANSWER, { alternatives: { position: 2, count: 3, previous: 3, next: 4 } }),
      {
        ...userMessage(5, "The far one. Keep the finger. And this is how the harbour looks."),
        pictures: [{ id: 1, width: 1200, height: 800, wordsCost: null }],
      },
      answer(
        6,
        "Then begin with the cost, and let the road follow:\n\n“In 1487 the road was eleven days long and cost one finger in winter. Marit’s father had paid twice.”",
        { state: "stopped", remark: "The first 8 messages of this conversation no longer fit and were not read." },
      ),
    ]),
    instructions:
      "You are a line editor. You tighten sentences and say why, in her voice. You never rewrite more than you were shown.",
  },
  talk(22, 1, "What Marit does not say", [
    userMessage(7, "Ask me about Marit."),
    answer(8, "What does she do with her hands when someone thanks her?"),
  ]),
  talk(23, 2, "Bakery names", [
    userMessage(
      9,
      "Zwölf Namen für eine Nachtbäckerei, bitte. Kein Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaftsgeist.",
    ),
    answer(
      10,
      "Kurz und am Telefon verständlich:\n\n| Name | Gefühl | Silben |\n|---|---|--:|\n| Nachtbrot | ruhig, warm | 2 |\n| Ofenlicht | ein Fenster im Dunkeln | 3 |\n| Vor Fünf | wach vor allen anderen | 2 |\n\nUnd eine Warnung: *Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz* passt auf kein Schild. Siehe [das Register](https://example.org/register), und das Bild ![Ladenschild](https://example.org/sign.png).",
      { alternatives: { position: 1, count: 2, previous: null, next: 30 } },
    ),
    userMessage(31, "夜のパン屋の名前を三つ考えてください。"),
    answer(32, "**夜窯**（よがま）、**月待ち**、そして**五時前**。どれも声に出したときに静かに終わります。", {
      state: "cut_at_length",
    }),
    userMessage(33, "اقترح ثلاثة أسماء لمخبز يفتح ليلاً."),
    answer(34, "«خبز الليل» و«قبل الفجر» و«ضوء الفرن». كلها قصيرة وسهلة على الهاتف.", { state: "interrupted" }),
  ]),
  {
    ...talk(24, null, "A letter to the landlord", [
      userMessage(35, "Make this letter firm and short."),
      answer(36, "Dear Mr Aas, the boiler has been cold for eleven days."),
    ]),
    draft: "And one line about the stairs",
  },
  talk(25, null, "Words for rust", [
    userMessage(37, "Words for rust?"),
    answer(38, "Ochre, bloom, scale, fox, patina."),
  ]),
  talk(26, null, "A very long title that somebody wrote on a rainy Sunday and never shortened", [
    userMessage(39, "Hm."),
    answer(40, "Hm."),
  ]),
];
