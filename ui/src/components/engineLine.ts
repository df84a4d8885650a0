/** The engine in one short line, never more than is known. */
import type { BarredView, EngineView } from "../backend/client";

export interface EngineLine {
  text: string;
  /** The whole truth, for whoever asks. */
  detail: string;
  mood: "well" | "waiting" | "ill";
}

const bars: Record<BarredView, { text: string; detail: string }> = {
  proven: {
    text: "On this device · no network",
    detail:
      "Your system keeps the model off the network, and from all your files but its own and the pictures that you " +
      "show it. That it has no network was tried when it started.",
  },
  networkAlone: {
    text: "On this device · no network",
    detail:
      "Your system keeps the model off the network; this was tried when it started. It is too old to keep the " +
      "model from your files: a newer Linux (5.13 or later, with Landlock) does that too.",
  },
  unproven: {
    text: "On this device · bar not proven",
    detail: "The model is barred from the network, but on this kind of system that was never put to the proof.",
  },
};

export function engineLine(engine: EngineView): EngineLine {
  switch (engine.state) {
    case "noModel":
      return { text: "No model is open", detail: "Open a model to begin.", mood: "waiting" };
    case "resting":
      return {
        text: "On this device · resting",
        detail: `${engine.model} is loaded with your next message.`,
        mood: "well",
      };
    case "loading":
      return { text: "Loading the model…", detail: engine.model, mood: "waiting" };
    case "ready":
      return { ...bars[engine.barred], mood: "well" };
    case "failed":
      return { text: "The model is not running", detail: engine.trouble, mood: "ill" };
  }
}
