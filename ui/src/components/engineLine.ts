/** The engine in one short line, never more than is known. */
import type { EngineView } from "../backend/client";

export interface EngineLine {
  text: string;
  /** The whole truth, for whoever asks. */
  detail: string;
  mood: "well" | "waiting" | "ill";
}

export function engineLine(engine: EngineView): EngineLine {
  switch (engine.state) {
    case "noModel":
      return { text: "No model is open", detail: "Open a model to begin.", mood: "waiting" };
    case "resting":
      return {
        text: "On this device · resting",
        detail: `${engine.model} wakes with your next message.`,
        mood: "well",
      };
    case "loading":
      return { text: "Loading the model…", detail: engine.model, mood: "waiting" };
    case "ready":
      return engine.barred === "proven"
        ? {
            text: "On this device · no network",
            detail: "Your system keeps the model off the network. This was tried when it started.",
            mood: "well",
          }
        : {
            text: "On this device · bar not proven",
            detail: "The model is barred from the network, but on this kind of system that was never put to the proof.",
            mood: "well",
          };
    case "failed":
      return { text: "The model is not running", detail: engine.trouble, mood: "ill" };
  }
}
