/** For whoever knows why: another folder, another device, another way to the models. */
import { useState } from "react";
import type { ModelSettings } from "../../backend/client";
import { Choice } from "../../components/Choice";
import { useChosen, useSession } from "../../session/context";
import { SavedLine } from "./SavedLine";

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
      <SavedLine id="mirror" label="Mirror" hint="An address that serves models in place of huggingface.co. One in your own network is confirmed by saving it here." placeholder="https://" value={settings.mirror} onSave={(mirror) => void models.change({ set: "mirror", to: mirror })} />
      <SavedLine id="proxy" label="Proxy" hint="Empty: as your system has it." placeholder="http://proxy:8080" value={settings.proxy} onSave={(proxy) => void models.change({ set: "proxy", to: proxy })} />
      <SavedLine id="certificates" label="Certificates" hint="A file of certificates to trust, where your network asks for one." placeholder="/path/to/certificates.pem" value={settings.certificates} onSave={(certificates) => void models.change({ set: "certificates", to: certificates })} />
      <AccessToken kept={settings.tokenKept} />
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
        <input id="other-model" aria-describedby="other-model-hint" required spellCheck={false} placeholder="somebody/Ministral-3-3B-GGUF" value={name} onChange={(event) => setName(event.target.value)} />
        <button type="submit" className="quiet">
          Download
        </button>
      </div>
    </form>
  );
}

/** Typed once, and kept by the system: nobody sees it again, this window least of all. */
function AccessToken({ kept }: { kept: boolean }) {
  const { models } = useSession();
  const [token, setToken] = useState("");
  return (
    <form
      className="field"
      onSubmit={(event) => {
        event.preventDefault();
        void models.setAccessToken(token.trim()).then((done) => done && setToken(""));
      }}
    >
      <label htmlFor="access-token">Access token</label>
      <p className="hint" id="access-token-hint">
        {kept ? "One is in your system’s keychain. It is not shown again." : "For models that ask who you are. It goes into your system’s keychain."}
      </p>
      <div className="field-line">
        <input id="access-token" type="password" autoComplete="off" aria-describedby="access-token-hint" required placeholder={kept ? "Another one in its place" : ""} value={token} onChange={(event) => setToken(event.target.value)} />
        <button type="submit" className="quiet">
          Save
        </button>
        {kept && (
          <button type="button" className="plain danger-text" onClick={() => void models.setAccessToken(null)}>
            Forget it
          </button>
        )}
      </div>
    </form>
  );
}
