/** The models of the fake backend: what the test says is here, and nothing that moves by itself. */
import type {
  Backend,
  CatalogueEntry,
  FirstRunStep,
  FoundFile,
  InstalledModel,
  Machine,
  ModelSettingChange,
  ModelTrash,
  Transfer,
} from "../src/backend/client";
import { MODEL_SETTINGS } from "../src/backend/demoModels";

export const GUIDE: InstalledModel = {
  id: "guide",
  name: "Built-in guide",
  bytes: 11_000_000,
  place: "",
  kind: "guide",
  inUse: true,
  sees: false,
  checked: null,
  missing: false,
};
export const SMALL: InstalledModel = {
  id: "small",
  name: "Small",
  bytes: 2_000_000_000,
  place: "/models/small",
  kind: "downloaded",
  inUse: false,
  sees: true,
  checked: null,
  missing: false,
};

const ENTRY: CatalogueEntry = {
  id: "small",
  name: "Small",
  goodFor: "Drafts.",
  bytes: 2_000_000_000,
  visionBytes: 800_000_000,
  memoryBytes: 3_100_000_000,
  wordsPerMinute: 260,
  fit: "well",
  fitWords: "Fits.",
  recommended: true,
  why: "It answers at reading speed here.",
  installed: false,
  hashKnown: true,
};
const LARGE: CatalogueEntry = {
  ...ENTRY,
  id: "large",
  name: "Large",
  bytes: 8_000_000_000,
  visionBytes: null,
  wordsPerMinute: null,
  fit: "no",
  fitWords: "Needs about 9.8 GB, 7.1 GB are free.",
  recommended: false,
  why: null,
};

export const FILE: FoundFile = {
  path: "/here/model.gguf",
  name: "model.gguf",
  bytes: 2_100_000_000,
  from: "LM Studio",
  usable: true,
  whyNot: null,
};

export function transfer(more: Partial<Transfer> = {}): Transfer {
  return {
    id: "small",
    name: "Small",
    state: "running",
    done: 1_200_000_000,
    total: 2_000_000_000,
    bytesPerSecond: 8_000_000,
    secondsLeft: 100,
    trouble: null,
    ...more,
  };
}

const MACHINE: Machine = {
  processor: "A quick one",
  cores: 8,
  features: ["AVX2"],
  memoryBytes: 16e9,
  memoryFreeBytes: 7.1e9,
  diskFreeBytes: 212e9,
  graphics: null,
  summary: "A good computer for the small model.",
};

export class FakeModels {
  step: FirstRunStep = "done";
  installed: InstalledModel[] = [];
  trash: ModelTrash = { models: [], bytes: 0 };
  transfers: Transfer[] = [];
  catalogue: CatalogueEntry[] = [ENTRY, LARGE];
  found: FoundFile[] = [];
  /** What becomes known with the measurement. */
  whenMeasured: () => void = () => {};
  /** What the system's dialog answers. */
  chosenFile: FoundFile | null = null;
  chosenFolder: string | null = null;
  settings = MODEL_SETTINGS;
  /** Ends the check or the move under way. */
  endWork: () => void = () => {};
  tellTransfers: (transfers: Transfer[]) => void = () => {};
  tellModels: () => void = () => {};
  /** Tells the check or the move under way how far it is. */
  tellAmount: (amount: { done: number; total: number }) => void = () => {};

  use(id: string): void {
    this.installed = this.installed.map((one) => ({ ...one, inUse: one.id === id }));
  }

  backend(note: <T>(name: keyof Backend, result: (...args: never[]) => T) => never) {
    const working = (_: string, onProgress: (amount: { done: number; total: number }) => void) => {
      this.tellAmount = onProgress;
      return new Promise<void>((resolve) => (this.endWork = resolve));
    };
    return {
      firstRun: note("firstRun", () => ({ step: this.step })),
      setFirstRunStep: note("setFirstRunStep", (step: FirstRunStep) => {
        this.step = step;
      }),
      lookAtMachine: note("lookAtMachine", () => MACHINE),
      measureMachine: note("measureMachine", () => {
        this.whenMeasured();
        return { words: "About 260 words a minute." };
      }),
      catalogue: note("catalogue", () => this.catalogue),
      getModel: note("getModel", () => {}),
      getOther: note("getOther", () => {}),
      transfers: note("transfers", () => this.transfers),
      pauseTransfer: note("pauseTransfer", () => {}),
      resumeTransfer: note("resumeTransfer", () => {}),
      cancelTransfer: note("cancelTransfer", () => {}),
      putAwayTransfer: note("putAwayTransfer", () => {}),
      installedModels: note("installedModels", () => this.installed),
      useModel: note("useModel", (id: string) => this.use(id)),
      verifyModel: note("verifyModel", working),
      removeModel: note("removeModel", (id: string) => {
        const gone = this.installed.filter((one) => one.id === id);
        this.installed = this.installed.filter((one) => one.id !== id);
        this.trash = { models: gone, bytes: gone.reduce((sum, { bytes }) => sum + bytes, 0) };
        return id;
      }),
      restoreModel: note("restoreModel", () => {
        this.installed = [...this.installed, ...this.trash.models.map(() => SMALL)];
        this.trash = { models: [], bytes: 0 };
      }),
      modelTrash: note("modelTrash", () => this.trash),
      emptyModelTrash: note("emptyModelTrash", () => {
        this.trash = { models: [], bytes: 0 };
      }),
      modelsFolder: note("modelsFolder", () => ({ path: "/models", bytes: 2e9, freeBytes: 212e9 })),
      chooseFolder: note("chooseFolder", () => this.chosenFolder),
      moveModels: note("moveModels", working),
      foundFiles: note("foundFiles", () => this.found),
      chooseFile: note("chooseFile", () => this.chosenFile),
      useFile: note("useFile", (path: string) => {
        this.installed = [...this.installed, { ...SMALL, id: path, name: "model.gguf", kind: "file" as const }];
        this.use(path);
      }),
      modelSettings: note("modelSettings", () => this.settings),
      changeModelSetting: note("changeModelSetting", ({ set, to }: ModelSettingChange) => {
        this.settings = { ...this.settings, [set]: to };
      }),
      setAccessToken: note("setAccessToken", (token: string | null) => {
        this.settings = { ...this.settings, tokenKept: token !== null };
      }),
      onTransfersChanged: (heard: (transfers: Transfer[]) => void) => {
        this.tellTransfers = heard;
        return () => {};
      },
      onModelsChanged: (heard: () => void) => {
        this.tellModels = heard;
        return () => {};
      },
    };
  }
}
