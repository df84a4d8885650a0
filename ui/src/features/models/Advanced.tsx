/** For whoever knows why: another folder, another device, another model. */
import { useState } from "react";
import type { ModelSettings } from "../../backend/client";
import { Choice } from "../../components/Choice";
import { useChosen, useSession } from "../../session/context";

export function Advanced() {
  const settings = useChosen((state) => state.models.settings);
  return (
    <details className="advanced">
      <summary>Advanced</summary>
      {settings && <Inside settings={settings} />}
    </details>
  );
}

function Inside({ settings }: { settings: ModelSettings }) {
  const { models } = useSession();
  const folder = useChosen((state) => state.models.folder);
  return (
    <>
      <div className="field">
        <span className="field-name">Folder of the models</span>
        <p className="path">{folder?.path}</p>
        <div>
          <button type="button" className="quiet" onClick={() => void models.move()}>
            Move to another folder…
          </button>
        </div>
      </div>
      <Choice
        legend="Compute on"
        name="device"
        options={settings.devices.map(({ id, name }) => ({ value: id, name }))}
        chosen={settings.device}
        onChoose={(device) => void models.change({ set: "device", to: device })}
      />
      <OtherModel />
    </>
  );
}

/** Any other model of this kind, by its name at the hub. */
function OtherModel() {
  const { models } = useSession();
  const [name, setName] = useState("");
  return (
    <form
      className="field"
      onSubmit={(event) => {
        event.preventDefault();
        void models.getOther(name.trim()).then((begun) => begun && setName(""));
      }}
    >
      <label htmlFor="other-model">Another model</label>
      <p className="hint" id="other-model-hint">
        The name or address of a GGUF file of Ministral 3 at huggingface.co.
      </p>
      <div className="field-line">
        <input
          id="other-model"
          aria-describedby="other-model-hint"
          required
          spellCheck={false}
          placeholder="for example somebody/Ministral-3-3B-GGUF"
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <button type="submit" className="quiet">
          Download
        </button>
      </div>
    </form>
  );
}
