/** When a model is in memory, and how much it holds in mind. */
import { useEffect } from "react";
import type { LoadWhen, Share } from "../../backend/client";
import { Choice, type Option } from "../../components/Choice";
import { useChosen, useSession } from "../../session/context";

const LOADS: Option<LoadWhen>[] = [
  { value: "atStart", name: "When Sotto starts", detail: "The first answer comes sooner." },
  { value: "onDemand", name: "With the first message", detail: "The memory stays free until you write." },
];
const IDLES: Option<string>[] = [
  { value: "5", name: "5 minutes" },
  { value: "30", name: "30 minutes" },
  { value: "never", name: "Never" },
];

const SHARES: Option<Share>[] = [
  { value: "all", name: "All of it", detail: "Answers come fastest." },
  { value: "less_on_battery", name: "All of it, and less on battery", detail: "The battery lasts longer." },
  { value: "less", name: "Always less", detail: "Cooler, and more is left for other programs." },
];

const AFTERS: Option<"kept" | "read">[] = [
  {
    value: "kept",
    name: "At once",
    detail: "What the model has read is kept on this device, in up to 1 GB. Emptying the trash removes it.",
  },
  { value: "read", name: "After reading it again", detail: "Nothing is kept but your text." },
];

export function Keeping() {
  const { models } = useSession();
  const settings = useChosen((state) => state.models.settings);
  useEffect(() => void models.readSettings(), [models]);
  if (!settings) return null;
  return (
    <>
      <p>{settings.memoryWords}</p>
      <Choice
        legend="Load the model"
        name="load"
        options={LOADS}
        chosen={settings.load}
        onChoose={(load) => void models.change({ set: "load", to: load })}
      />
      <Choice
        legend="Free memory after"
        name="idle"
        options={idles(settings.idleMinutes)}
        chosen={settings.idleMinutes === null ? "never" : String(settings.idleMinutes)}
        onChoose={(minutes) =>
          void models.change({ set: "idleMinutes", to: minutes === "never" ? null : Number(minutes) })
        }
      />
      <Choice
        legend="Processor use"
        name="share"
        options={SHARES}
        chosen={settings.share}
        onChoose={(share) => void models.change({ set: "share", to: share })}
      />
      <Choice
        legend="Go on with a conversation after a restart"
        name="kept"
        options={AFTERS}
        chosen={settings.keepTalks ? "kept" : "read"}
        onChoose={(after) => void models.change({ set: "keepTalks", to: after === "kept" })}
      />
    </>
  );
}

/** What is set is always among them. */
function idles(minutes: number | null): Option<string>[] {
  const value = minutes === null ? "never" : String(minutes);
  return IDLES.some((one) => one.value === value) ? IDLES : [{ value, name: `${value} minutes` }, ...IDLES];
}
