/** The way to the models: a mirror, a proxy, certificates, and a token where a server asks for one. */
import { useEffect, useState } from "react";
import { LockedLine } from "../../components/cloud/LockedLine";
import { useChosen, useSession } from "../../session/context";
import { SavedLine } from "./SavedLine";

export function Network() {
  const { models } = useSession();
  const settings = useChosen((state) => state.models.settings);
  useEffect(() => void models.readSettings(), [models]);
  if (!settings) return null;
  return (
    <>
      <LockedLine>Nothing leaves this computer: no cloud, no downloads.</LockedLine>
      <p>Sotto goes out only for what you ask of it. Most networks need nothing of this.</p>
      <SavedLine
        id="proxy"
        label="Proxy"
        hint="Empty: as your system has it."
        placeholder="for example http://proxy:8080"
        value={settings.proxy}
        onSave={(proxy) => void models.change({ set: "proxy", to: proxy })}
      />
      <SavedLine
        id="certificates"
        label="Certificates"
        hint="A file of certificates to trust, where your network asks for one."
        placeholder="for example /path/to/certificates.pem"
        value={settings.certificates}
        onSave={(certificates) => void models.change({ set: "certificates", to: certificates })}
      />
      <SavedLine
        id="mirror"
        label="Mirror"
        hint="An address that serves models in place of huggingface.co. One in your own network is confirmed by saving it here."
        placeholder="for example https://models.example.org"
        value={settings.mirror}
        onSave={(mirror) => void models.change({ set: "mirror", to: mirror })}
      />
      <AccessToken kept={settings.tokenKept} />
    </>
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
        {kept
          ? "One is in your system’s keychain. It is not shown again."
          : "For models that ask who you are. It goes into your system’s keychain."}
      </p>
      <div className="field-line">
        <input
          id="access-token"
          type="password"
          autoComplete="off"
          aria-describedby="access-token-hint"
          required
          placeholder={kept ? "Another one in its place" : ""}
          value={token}
          onChange={(event) => setToken(event.target.value)}
        />
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
