/** The demo's cloud: providers, prices, a sheet, a ledger and a journal that nothing ever left through. */
import {
  type Backend,
  type CloudChoice,
  type CloudModel,
  type CloudState,
  type Cost,
  type GoesTo,
  type JournalLine,
  type Leaving,
  type Ledger,
  type LedgerEntry,
  type ProjectView,
  type Provider,
  type Sheet,
  type Thread,
  TroubleError,
} from "./client";

const CENT = 10_000_000;
const MONTHS = 12;

const plain: Provider = {
  id: "",
  name: "",
  words: "",
  needs: "nothing",
  place: "",
  billTo: null,
  free: null,
  keyNeeded: true,
  key: "none",
  keyTrouble: null,
  keysPage: "https://example.org/keys",
  billsPage: "https://example.org/bills",
  origin: null,
  toConfirm: false,
  listed: true,
  routes: false,
};

const PROVIDERS: Provider[] = [
  {
    ...plain,
    id: "huggingface",
    name: "Hugging Face",
    words: "One key and one bill for open models, served by many companies. You choose which.",
    billTo: "",
    key: "kept",
    keysPage: "https://huggingface.co/settings/tokens",
    billsPage: "https://huggingface.co/settings/inference-providers/overview",
    origin: "https://router.huggingface.co",
    routes: true,
  },
  {
    ...plain,
    id: "mistral",
    name: "Mistral",
    words: "The makers of Ministral, in France. Their larger models answer here.",
    key: "kept",
    keysPage: "https://console.mistral.ai/api-keys",
    origin: "https://api.mistral.ai",
  },
  {
    ...plain,
    id: "anthropic",
    name: "Anthropic",
    words: "The makers of Claude, in the United States.",
    key: "unknown",
    keyTrouble: "There is no keychain on this system that Sotto could ask.",
    origin: "https://api.anthropic.com",
  },
  {
    ...plain,
    id: "bedrock",
    name: "AWS Bedrock",
    words: "Models in your Amazon account, in the region you choose.",
    needs: "region",
    listed: false,
  },
  {
    ...plain,
    id: "azure",
    name: "Azure",
    words: "Models in your Microsoft account. The model is the name of your deployment.",
    needs: "resource",
    listed: false,
  },
  {
    ...plain,
    id: "own",
    name: "Your own server",
    free: false,
    words:
      "A server of your own: vLLM, SGLang, mistral.rs, llama-server, Ollama, LM Studio, LiteLLM, or another that speaks as OpenAI does.",
    needs: "address",
    keyNeeded: false,
    keysPage: null,
    billsPage: null,
  },
];

const price = (input: number, output: number) => ({ input: input * CENT, output: output * CENT });
const MODELS: CloudModel[] = [
  {
    id: "mistralai/Mistral-Large-3",
    name: "Mistral Large 3",
    context: 256_000,
    sees: true,
    price: null,
    backends: [
      { name: "novita", live: true, context: 128_000, price: price(40, 200) },
      { name: "together", live: true, context: 256_000, price: price(60, 180) },
      { name: "nebius-mit-einem-sehr-langen-namen", live: true, context: null, price: null },
      { name: "scaleway", live: false, context: 128_000, price: price(35, 190) },
    ],
  },
  {
    id: "mistralai/Ministral-3-14B-Instruct-2512",
    name: "mistralai/Ministral-3-14B-Instruct-2512",
    context: 256_000,
    sees: true,
    price: null,
    backends: [{ name: "novita", live: true, context: 128_000, price: price(10, 10) }],
  },
  {
    id: "allenai/Olmo-4-32B",
    name: "allenai/Olmo-4-32B",
    context: 65_536,
    sees: false,
    price: null,
    backends: [{ name: "publicai", live: true, context: null, price: "free" }],
  },
  {
    id: "someone/Unpriced-70B",
    name: "someone/Unpriced-70B",
    context: null,
    sees: null,
    price: null,
    backends: [{ name: "featherless-ai", live: true, context: null, price: null }],
  },
  ...Array.from({ length: 60 }, (_, i) => ({
    id: `org/Model-${i + 1}B`,
    name: `org/Model-${i + 1}B`,
    context: 32_768,
    sees: i % 3 === 0,
    price: null,
    backends: [{ name: "novita", live: true, context: null, price: price(i + 2, i * 2 + 4) }],
  })),
];

const COSTS: Cost[] = [
  { known: "computed", nanoUsd: 412_000 },
  { known: "reported", nanoUsd: 12_400_000 },
  { known: "upperBound", nanoUsd: 31_000_000 },
  { known: "unknown", nanoUsd: null },
  { known: "free", nanoUsd: 0 },
];

function entries(month: string): LedgerEntry[] {
  const begin = Date.parse(`${month}-02T09:00:00Z`);
  return Array.from({ length: 42 }, (_, i) => ({
    at: begin + i * 5e7,
    project: i % 3 ? "The Salt Road" : null,
    provider: i % 4 ? "Hugging Face" : "Mistral",
    backend: i % 4 ? "novita" : null,
    model: i % 4 ? "mistralai/Mistral-Large-3" : "mistral-large-latest",
    bytes: 4200 + i * 310,
    promptTokens: 900 + i * 70,
    completionTokens: 300,
    cost: COSTS[i % 5]!,
  }));
}

function ledger(month: string): Ledger {
  const all = entries(month);
  const sum = (some: LedgerEntry[]) => ({
    answers: some.length,
    known: some.reduce((total, { cost }) => total + (cost.nanoUsd ?? 0), 0),
    unknownCount: some.filter(({ cost }) => cost.known === "unknown").length,
  });
  const now = new Date();
  const months = Array.from({ length: MONTHS }, (_, i) => {
    const date = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - MONTHS + 1 + i));
    const known = i < 3 ? 0 : Math.round((1 + Math.sin(i)) * 90 + i * 9) * CENT;
    return {
      month: date.toISOString().slice(0, 7),
      answers: i < 3 ? 0 : 40,
      known: i === 5 ? 0 : known,
      unknownCount: i === 5 ? 4 : i % 4 === 0 && i > 3 ? 2 : 0,
    };
  });
  const { known, unknownCount } = sum(all);
  const of = (keep: (entry: LedgerEntry) => boolean) => sum(all.filter(keep));
  return {
    entries: all,
    known,
    unknownCount,
    months,
    byProject: [
      { project: 1, name: "The Salt Road", ...of(({ project }) => project !== null) },
      { project: null, name: null, ...of(({ project }) => project === null) },
    ],
    byProvider: ["Hugging Face", "Mistral"].map((name) => ({ name, ...of(({ provider }) => provider === name) })),
  };
}

function journal(): JournalLine[] {
  const line = (id: number, more: Partial<JournalLine>): JournalLine => ({
    id,
    at: Date.now() - (9 - id) * 8e6,
    purpose: "answer",
    origin: "https://router.huggingface.co",
    recipient: "Hugging Face",
    why: "You sent a message to Hugging Face.",
    project: null,
    bytes: 5120,
    outcome: { at: Date.now(), bytesOut: 5120, bytesIn: 18_400, status: 200, ending: "complete" },
    ...more,
  });
  return [
    line(6, { outcome: null }),
    line(5, {}),
    line(4, { outcome: { at: 0, bytesOut: 5120, bytesIn: 900, status: 200, ending: "offline" } }),
    line(3, { outcome: { at: 0, bytesOut: 0, bytesIn: 0, status: null, ending: "failed" } }),
    line(2, {
      purpose: "keyTest",
      why: "You asked to test the key for Hugging Face.",
      bytes: 210,
      outcome: { at: 0, bytesOut: 210, bytesIn: 300, status: 401, ending: "complete" },
    }),
    line(1, {
      purpose: "modelDownload",
      origin: "https://huggingface.co",
      recipient: "Hugging Face",
      why: "You asked for Ministral 3 3B.",
      bytes: 0,
      outcome: { at: 0, bytesOut: 0, bytesIn: 2_147_023_008, status: 206, ending: "stopped" },
    }),
  ];
}

interface Kept {
  find: (conversation: number) => Thread;
  project: (id: number) => ProjectView | undefined;
}

/** `state`: as it is at first; with `used` there is something in the books. */
export function demoCloud(state: CloudState, used: boolean, { find, project }: Kept) {
  let providers = structuredClone(PROVIDERS);
  const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));
  const change = async (id: string, more: Partial<Provider>) => {
    providers = providers.map((one) => (one.id === id ? { ...one, ...more } : one));
    return structuredClone(providers.find((one) => one.id === id)!);
  };
  const goesTo = (choice: CloudChoice | null): GoesTo | null => {
    const provider = providers.find(({ id }) => id === choice?.provider);
    if (!choice || !provider) return null;
    return {
      ...choice,
      name: provider.name,
      route: provider.routes ? (choice.model.split(":")[1] ?? null) : null,
      near: "cloud",
    };
  };
  const destination = ({ leaving, project: of }: Thread): CloudChoice | null =>
    typeof leaving === "object" ? leaving : leaving === "never" || of === null ? null : (project(of)?.leaving ?? null);
  const settle = (thread: Thread): Thread => ({
    ...thread,
    branch: thread.messages.map(({ id }) => id),
    goesTo: goesTo(destination(thread)),
  });
  const sheet = (
    thread: Pick<Thread, "project" | "instructions" | "messages">,
    text: string | null,
    choice: CloudChoice,
    leftOut: string[],
  ): Sheet => {
    if (state.locked)
      throw new TroubleError("other", "The offline lock is on, so nothing was sent. Your text is safe.");
    const of = thread.project === null ? undefined : project(thread.project);
    const whole: Sheet["parts"] = [];
    const add = (key: string, more: Partial<Sheet["parts"][number]>) =>
      whole.push({
        key,
        kind: "messages",
        role: null,
        text: "",
        picture: null,
        bytes: more.text?.length ?? 0,
        included: !leftOut.includes(key),
        optional: true,
        off: false,
        ...more,
      });
    if (thread.instructions) add("instructions", { kind: "instructions", text: thread.instructions });
    if (of?.notes) add("notes", { kind: "notes", text: of.notes });
    for (const { id, role, text: words, pictures } of thread.messages) {
      for (const picture of pictures)
        add(`message:${id}/0`, { kind: "pictures", role, picture: picture.id, bytes: 240_000 });
      add(`message:${id}`, { role, text: words });
    }
    if (text !== null) add("message:0", { role: "user", text, optional: false, included: true });
    const parts = whole.map((part, i) =>
      i === whole.length - 1 ? { ...part, optional: false, included: true } : part,
    );
    const bytes = parts.filter(({ included }) => included).reduce((total, part) => total + part.bytes, 420);
    const to = goesTo(choice)!;
    const model = choice.model.split(":")[0] ?? "";
    const known = MODELS.find(({ id }) => id === model)?.backends.find(({ name }) => name === to.route)?.price;
    const exact = JSON.stringify(
      {
        model: choice.model,
        messages: parts
          .filter(({ included }) => included)
          .map((part) => ({ role: part.role ?? "system", content: part.text || "… a picture …" })),
        stream: true,
      },
      null,
      2,
    );
    const tokens = Math.round(bytes / 4);
    const highestCost =
      known === "free" ? 0 : known ? Math.ceil((tokens * known.input + 4096 * known.output) / 1e6) : null;
    return {
      recipient: to.name,
      origin: providers.find(({ id }) => id === choice.provider)?.origin ?? "",
      model,
      backend: to.route,
      parts,
      exact,
      remarks: [],
      bytes,
      tokens,
      highestCost,
      project: of?.name ?? null,
      fingerprint: `${bytes} ${leftOut.join()}`,
    };
  };

  return {
    destination,
    settle,
    goesTo,
    sheet,
    backend: {
      cloud: async () => ({ ...state }),
      setCloud: async (on) => {
        state.on = on;
      },
      setMonthlyCap: async (cap) => {
        state.cap = cap;
      },
      setOfflineLock: async (on) => {
        state.locked = on;
      },
      providers: async () => structuredClone(providers),
      setProvider: async (id, place, billTo, confirmed) => {
        const provider = providers.find((one) => one.id === id)!;
        if (provider.needs === "region" && !/^[a-z0-9-]+$/.test(place))
          throw new TroubleError("other", "This is not the name of a region. They look like eu-central-1.");
        const origin = {
          nothing: provider.origin,
          region: `https://bedrock-runtime.${place}.amazonaws.com`,
          resource: `https://${place}.openai.azure.com`,
          address: place.replace(/(:\/\/[^/]+).*/, "$1"),
        }[provider.needs];
        const toConfirm = provider.needs === "address" && !place.includes("127.0.0.1") && !confirmed;
        return change(id, {
          place,
          origin,
          toConfirm,
          ...(provider.billTo === null ? {} : { billTo: billTo ?? "" }),
          ...(origin === provider.origin ? {} : { key: "none" as const }),
        });
      },
      setProviderFree: async (id, free) => change(id, { free }),
      saveKey: async (id, _, keepFor) => {
        if (id === "anthropic" && keepFor === "keychain")
          throw new TroubleError(
            "other",
            "There is no keychain on this system that Sotto could ask. The key was not kept.",
          );
        return change(id, { key: "kept" });
      },
      forgetKey: async (id) => change(id, { key: "none" }),
      testKey: async (id) => {
        await pause(600);
        if (id === "mistral")
          throw new TroubleError(
            "other",
            "Mistral does not accept this key. Your text is safe. Put in a new key, then send again.",
          );
      },
      cloudModels: async (id) => {
        await pause(300);
        if (id === "anthropic")
          throw new TroubleError(
            "other",
            "Anthropic needs a key, and there is none yet. Nothing was sent. Put one in, then send again.",
          );
        return id === "huggingface"
          ? MODELS
          : MODELS.slice(0, 3).map((model, i) => ({
              ...model,
              id: `own-${i}`,
              backends: [],
              price: i ? price(40, 120) : null,
            }));
      },
      openPage: async () => {},
      setLeaving: async (id, leaving: Leaving) => {
        const thread = find(id);
        thread.leaving = leaving;
        return structuredClone(settle(thread));
      },
      setProjectLeaving: async (id, leaving, cap) => {
        const found = project(id);
        if (found) Object.assign(found, { leaving, cap, goesTo: goesTo(leaving) });
      },
      ledger: async (month) =>
        used
          ? ledger(month)
          : {
              ...ledger(month),
              entries: [],
              byProject: [],
              byProvider: [],
              known: 0,
              unknownCount: 0,
              months: ledger(month).months.map((one) => ({ ...one, answers: 0, known: 0, unknownCount: 0 })),
            },
      exportLedger: async () => "/home/marit/Documents/sotto-ledger.csv",
      journal: async (before) => (used && before === null ? journal() : []),
      exportJournal: async () => "/home/marit/Documents/sotto-journal.csv",
      onSettingsChanged: () => () => {},
    } satisfies Partial<Backend>,
  };
}
