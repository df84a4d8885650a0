/** The demo's models: a download that goes by in seconds, and a trash that gives back. */
import type {
  Backend,
  CatalogueEntry,
  FirstRunStep,
  FoundFile,
  InstalledModel,
  ModelSettings,
  Transfer,
  TrashedModel,
} from "./client";

const TICK_MS = 200;
const RATE = 84_000_000;

const GUIDE: InstalledModel = {
  id: "guide",
  name: "Built-in guide",
  bytes: 11_400_000,
  place: "In Sotto",
  kind: "guide",
  inUse: true,
  sees: false,
  checked: null,
  missing: false,
};
const SMALL: InstalledModel = {
  id: "ministral-3-3b",
  name: "Ministral 3 3B",
  bytes: 2_988_000_000,
  place: "/home/marit/.local/share/sotto/models/ministral-3-3b",
  kind: "downloaded",
  inUse: false,
  sees: true,
  checked: "checked on 3 November 2026",
  missing: false,
};
const OWN: InstalledModel = {
  id: "file-1",
  name: "Ministral-3-8B-Instruct-2512-Q4_K_M",
  bytes: 5_198_911_904,
  place: "/media/marit/disk/models/Ministral-3-8B-Instruct-2512-Q4_K_M.gguf",
  kind: "file",
  inUse: false,
  sees: false,
  checked: null,
  missing: true,
};

const CATALOGUE: CatalogueEntry[] = [
  {
    id: "ministral-3-3b",
    name: "Ministral 3 3B",
    goodFor: "Quick and light. Drafts, names, rewording, questions.",
    bytes: 2_147_023_008,
    visionBytes: 841_501_856,
    memoryBytes: 3_100_000_000,
    wordsPerMinute: 260,
    fit: "well",
    fitWords: "Fits well.",
    recommended: true,
    why: "It answers at reading speed here and leaves most of the memory to your other programs.",
    installed: false,
    hashKnown: true,
  },
  {
    id: "ministral-3-3b-finer",
    name: "Ministral 3 3B, larger file",
    goodFor: "The same model in a larger file: slightly better answers, slightly slower.",
    bytes: 2_470_000_000,
    visionBytes: 841_501_856,
    memoryBytes: 3_400_000_000,
    wordsPerMinute: 220,
    fit: "well",
    fitWords: "Fits well.",
    recommended: false,
    why: null,
    installed: false,
    hashKnown: false,
  },
  {
    id: "ministral-3-8b",
    name: "Ministral 3 8B",
    goodFor: "A better ear for style, and a longer thread. For a quick computer with memory to spare.",
    bytes: 5_198_911_904,
    visionBytes: 858_283_168,
    memoryBytes: 6_400_000_000,
    wordsPerMinute: 90,
    fit: "tight",
    fitWords: "Needs about 6.4 GB, 7.1 GB are free: it fits while little else is open.",
    recommended: false,
    why: null,
    installed: false,
    hashKnown: true,
  },
  {
    id: "ministral-3-14b",
    name: "Ministral 3 14B",
    goodFor: "The most thoughtful of the three. For a strong computer, and for patience.",
    bytes: 8_239_593_024,
    visionBytes: null,
    memoryBytes: 9_800_000_000,
    wordsPerMinute: null,
    fit: "no",
    fitWords: "Needs about 9.8 GB, 7.1 GB are free: close something, or take a smaller one.",
    recommended: false,
    why: null,
    installed: false,
    hashKnown: true,
  },
];

const FOUND: FoundFile[] = [
  {
    path: "/home/marit/.lmstudio/models/Ministral-3-3B-Instruct-2512-Q4_K_M.gguf",
    name: "Ministral-3-3B-Instruct-2512-Q4_K_M.gguf",
    bytes: 2_147_023_008,
    from: "LM Studio",
    usable: true,
    whyNot: null,
  },
  {
    path: "/home/marit/Downloads/gemma.gguf",
    name: "gemma.gguf",
    bytes: 1_800_000_000,
    from: "Downloads",
    usable: false,
    whyNot: "It is of another kind than Sotto’s engine can run.",
  },
];

/** As they are where nobody changed them. */
export const MODEL_SETTINGS: ModelSettings = {
  load: "atStart",
  idleMinutes: 30,
  share: "all",
  keepTalks: true,
  mirror: "",
  proxy: "",
  certificates: "",
  tokenKept: false,
  device: "automatic",
  devices: [
    { id: "automatic", name: "Automatic (the processor)" },
    { id: "cpu", name: "Processor" },
    { id: "cuda-0", name: "NVIDIA GeForce RTX 4060" },
  ],
  memoryWords: "It holds about 12,000 words in mind. Other talks are kept ready, in up to 800 MB.",
};

/** `step`: where the first run is. `guide`: only the guide is here. `using` hears the name of the model that is used. */
export function demoModels(step: FirstRunStep, guide: boolean, using: (name: string) => void) {
  let at = step;
  let installed = guide ? [GUIDE] : [{ ...GUIDE, inUse: false }, { ...SMALL, inUse: true }, OWN];
  let trash: TrashedModel[] = [];
  const gone = new Map<string, InstalledModel>();
  let transfers: Transfer[] = [];
  let measured = false;
  let settings = MODEL_SETTINGS;
  const transferHears = new Set<(transfers: Transfer[]) => void>();
  const modelHears = new Set<() => void>();
  const tell = () => {
    for (const hear of transferHears) hear(structuredClone(transfers));
  };
  const changed = () => {
    for (const hear of modelHears) hear();
  };
  const set = (id: string, change: Partial<Transfer>) => {
    transfers = transfers.map((one) => (one.id === id ? { ...one, ...change } : one));
    tell();
  };
  const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));
  const use = (id: string) => {
    installed = installed.map((one) => ({ ...one, inUse: one.id === id }));
    using(installed.find((one) => one.inUse)?.name ?? "");
    changed();
  };
  const begin = (id: string, name: string, total: number) => {
    transfers = [
      ...transfers.filter((one) => one.id !== id),
      { id, name, state: "running", done: 0, total, bytesPerSecond: null, secondsLeft: null, trouble: null },
    ];
    tell();
    const timer = setInterval(() => {
      const one = transfers.find((other) => other.id === id);
      if (!one || one.state === "done") return clearInterval(timer);
      if (one.state !== "running") return;
      const done = Math.min(total, one.done + RATE * (TICK_MS / 1000));
      if (done < total) return set(id, { done, bytesPerSecond: RATE, secondsLeft: (total - done) / RATE });
      clearInterval(timer);
      installed = [...installed.filter((other) => other.id !== id), { ...SMALL, id, name, bytes: total, inUse: false }];
      set(id, { done, state: "done", bytesPerSecond: null, secondsLeft: null });
      changed();
    }, TICK_MS);
  };
  const progress = async (total: number, tellAmount: (amount: { done: number; total: number }) => void) => {
    for (let done = 0; done <= total; done += total / 20) {
      tellAmount({ done, total });
      await pause(TICK_MS);
    }
  };

  return {
    firstRun: async () => ({ step: at }),
    setFirstRunStep: async (next) => {
      at = next;
    },
    lookAtMachine: async () => ({
      processor: "AMD Ryzen 7 7840U",
      cores: 8,
      features: ["AVX2", "AVX-512"],
      memoryBytes: 16_000_000_000,
      memoryFreeBytes: 7_100_000_000,
      diskFreeBytes: 212_000_000_000,
      graphics: null,
      summary: "A good computer for the small model, and fast enough for the middle one if you are not in a hurry.",
    }),
    measureMachine: async () => {
      await pause(1000);
      measured = true;
      return {
        words: "It would write about 260 words a minute with the small model: a little faster than most people read.",
      };
    },
    catalogue: async () =>
      CATALOGUE.map((entry) => ({
        ...entry,
        wordsPerMinute: measured ? entry.wordsPerMinute : null,
        installed: installed.some(({ id }) => id === entry.id),
      })),
    getModel: async (id, withVision) => {
      const entry = CATALOGUE.find((one) => one.id === id);
      if (entry) begin(id, entry.name, entry.bytes + (withVision ? (entry.visionBytes ?? 0) : 0));
    },
    getOther: async (name) => begin(name, name, 2_147_023_008),
    transfers: async () => structuredClone(transfers),
    pauseTransfer: async (id) => set(id, { state: "paused", bytesPerSecond: null, secondsLeft: null }),
    resumeTransfer: async (id) => set(id, { state: "running", trouble: null }),
    cancelTransfer: async (id) => {
      transfers = transfers.filter((one) => one.id !== id);
      tell();
    },
    putAwayTransfer: async (id) => {
      transfers = transfers.filter((one) => one.id !== id);
      tell();
    },
    installedModels: async () => structuredClone(installed),
    useModel: async (id) => use(id),
    verifyModel: async (id, onProgress) => {
      const model = installed.find((one) => one.id === id)!;
      await progress(model.bytes, onProgress);
      installed = installed.map((one) => (one.id === id ? { ...one, checked: "checked just now" } : one));
      return model;
    },
    removeModel: async (id): Promise<string> => {
      const model = installed.find((one) => one.id === id)!;
      gone.set(id, model);
      installed = installed.filter((one) => one.id !== id);
      if (model.kind === "downloaded") trash = [...trash, { id, name: model.name, bytes: model.bytes }];
      if (model.inUse) use("guide");
      return id;
    },
    restoreModel: async (id) => {
      const model = gone.get(id);
      trash = trash.filter((one) => one.id !== id);
      if (model) installed = [...installed, { ...model, inUse: false }];
    },
    modelTrash: async () => ({ models: trash, bytes: trash.reduce((sum, { bytes }) => sum + bytes, 0) }),
    emptyModelTrash: async () => {
      trash = [];
    },
    modelsFolder: async () => ({
      path: "/home/marit/.local/share/sotto/models",
      bytes: 2_988_000_000,
      freeBytes: 212_000_000_000,
    }),
    chooseFolder: async () => "/media/marit/disk/models",
    moveModels: async (_, onProgress) => progress(2_988_000_000, onProgress),
    foundFiles: async () => FOUND,
    chooseFile: async () => FOUND[0]!,
    useFile: async (path) => {
      const file = FOUND.find((one) => one.path === path)!;
      const model: InstalledModel = {
        ...OWN,
        id: path,
        name: file.name,
        bytes: file.bytes,
        place: path,
        missing: false,
      };
      installed = [...installed.filter(({ id }) => id !== path), model];
      use(path);
      return model;
    },
    modelSettings: async () => settings,
    changeModelSetting: async ({ set, to }) => {
      settings = { ...settings, [set]: to };
    },
    setAccessToken: async (token) => {
      settings = { ...settings, tokenKept: token !== null };
    },
    onTransfersChanged: (hear) => {
      transferHears.add(hear);
      return () => transferHears.delete(hear);
    },
    onModelsChanged: (hear) => {
      modelHears.add(hear);
      return () => modelHears.delete(hear);
    },
  } satisfies Partial<Backend>;
}
