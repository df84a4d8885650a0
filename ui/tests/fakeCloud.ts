/** The cloud of the fake backend: what the test says is set up, and nothing that leaves. */
import { act } from "@testing-library/react";
import {
  type Backend,
  type CloudModel,
  type CloudState,
  type JournalLine,
  type Leaving,
  type Ledger,
  type Provider,
  type Sheet,
  type SheetPart,
  type Thread,
  TroubleError,
} from "../src/backend/client";

export const HUB: Provider = {
  id: "huggingface",
  name: "Hugging Face",
  words: "Open models.",
  needs: "nothing",
  place: "",
  billTo: "",
  free: null,
  keyNeeded: true,
  key: "kept",
  keyTrouble: null,
  keysPage: "https://huggingface.co/settings/tokens",
  billsPage: "https://huggingface.co/bills",
  origin: "https://router.huggingface.co",
  toConfirm: false,
  listed: true,
  routes: true,
};
export const OWN: Provider = {
  ...HUB,
  id: "own",
  name: "Your own server",
  words: "Yours.",
  needs: "address",
  billTo: null,
  free: false,
  keyNeeded: false,
  key: "none",
  keysPage: null,
  billsPage: null,
  origin: null,
  listed: true,
  routes: false,
};

/** Forty cents for a million read, two dollars for as many written. */
export const LARGE: CloudModel = {
  id: "org/Large",
  name: "org/Large",
  context: 128_000,
  sees: true,
  price: null,
  backends: [
    { name: "novita", live: true, context: 128_000, price: { input: 400_000_000, output: 2_000_000_000 } },
    { name: "mute", live: true, context: null, price: null },
    { name: "asleep", live: false, context: null, price: "free" },
  ],
};

export const THERE = {
  provider: "huggingface",
  model: "org/Large:novita",
  name: "Hugging Face",
  route: "novita",
  near: "cloud" as const,
};

export function part(key: string, more: Partial<SheetPart> = {}): SheetPart {
  return {
    key,
    kind: "messages",
    role: "user",
    text: `Words of ${key}`,
    picture: null,
    bytes: 120,
    included: true,
    optional: true,
    off: false,
    ...more,
  };
}

export function sheet(more: Partial<Sheet> = {}): Sheet {
  const parts = [
    part("instructions", { kind: "instructions", role: null }),
    part("message:1"),
    part("message:2", { role: "assistant" }),
    part("message:0", { optional: false, text: "The question itself" }),
  ];
  return {
    recipient: "Hugging Face",
    origin: "https://router.huggingface.co",
    model: "org/Large",
    backend: "novita",
    parts,
    exact: '{"model":"org/Large:novita"}',
    remarks: [],
    bytes: 5120,
    tokens: 1200,
    highestCost: 12_345_678,
    project: null,
    fingerprint: "first",
    ...more,
  };
}

/** What comes back from asking what would leave, before the user agreed. */
export function notAgreed(more: Partial<Sheet> = {}): TroubleError {
  return new TroubleError("notAgreed", "This would leave your computer. Look at what leaves first.", sheet(more));
}

const NOTHING: Ledger = { entries: [], byProject: [], byProvider: [], known: 0, unknownCount: 0, months: [] };

export class FakeCloud {
  state: CloudState = { on: false, locked: false, cap: null };
  providers: Provider[] = [HUB, OWN];
  models: CloudModel[] = [LARGE];
  /** What a look at a question shows. */
  look: () => Sheet | null | Promise<Sheet | null> = () => sheet();
  ledger: Ledger = NOTHING;
  journal: JournalLine[] = [];
  /** The file that the system's dialog names. */
  saved: string | null = "/home/file.csv";
  #settingsHeard: () => void = () => {};

  /** Somebody sets something elsewhere, and the shell says so. */
  async settingsBecome(set: () => void): Promise<void> {
    set();
    await act(async () => this.#settingsHeard());
  }

  async lockBecomes(locked: boolean): Promise<void> {
    await this.settingsBecome(() => (this.state = { ...this.state, locked }));
  }

  backend(
    note: <T>(name: keyof Backend, result: (...args: never[]) => T) => never,
    find: (id: number) => Thread,
    put: (id: number, change: Partial<Thread>) => void,
  ) {
    const change = (id: string, more: Partial<Provider>) => {
      this.providers = this.providers.map((one) => (one.id === id ? { ...one, ...more } : one));
      return this.providers.find((one) => one.id === id);
    };
    return {
      cloud: note("cloud", () => this.state),
      setCloud: note("setCloud", (on: boolean) => {
        this.state = { ...this.state, on };
      }),
      setMonthlyCap: note("setMonthlyCap", (cap: number | null) => {
        this.state = { ...this.state, cap };
      }),
      setOfflineLock: note("setOfflineLock", (locked: boolean) => {
        this.state = { ...this.state, locked };
      }),
      providers: note("providers", () => this.providers),
      setProviderFree: note("setProviderFree", (id: string, free: boolean) => change(id, { free })),
      setProvider: note("setProvider", (id: string, place: string, billTo: string | null, confirmed: boolean) =>
        change(id, { place, billTo, origin: place || HUB.origin, toConfirm: place !== "" && !confirmed }),
      ),
      saveKey: note("saveKey", (id: string) => change(id, { key: "kept" })),
      forgetKey: note("forgetKey", (id: string) => change(id, { key: "none" })),
      testKey: note("testKey", () => {}),
      cloudModels: note("cloudModels", () => this.models),
      openPage: note("openPage", () => {}),
      setLeaving: note("setLeaving", (id: number, leaving: Leaving) => {
        put(id, { leaving, goesTo: typeof leaving === "object" ? { ...THERE, ...leaving } : null });
        return find(id);
      }),
      setProjectLeaving: note("setProjectLeaving", () => {}),
      sheet: note("sheet", () => this.look()),
      ledger: note("ledger", () => this.ledger),
      exportLedger: note("exportLedger", () => this.saved),
      journal: note("journal", () => this.journal),
      exportJournal: note("exportJournal", () => this.saved),
      onSettingsChanged: (heard: () => void) => {
        this.#settingsHeard = heard;
        return () => {};
      },
    };
  }
}
