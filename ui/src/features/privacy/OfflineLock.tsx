/** One click, and nothing leaves. */
import { Icon } from "../../components/Icon";
import { useChosen, useSession } from "../../session/context";
import "./privacy.css";

export function OfflineLock() {
  const { cloud } = useSession();
  const locked = useChosen((state) => state.cloud.locked);
  return (
    <button
      type="button"
      className="row offline-lock"
      role="switch"
      aria-checked={locked}
      title={
        locked
          ? "Nothing leaves this computer: no cloud, no downloads. Click to allow them again."
          : "Click, and nothing leaves this computer: no cloud, no downloads."
      }
      onClick={() => void cloud.setLock(!locked)}
    >
      <Icon name={locked ? "locked" : "unlocked"} />
      <span>Offline lock</span>
      <span className="switch" aria-hidden="true" data-on={locked} />
    </button>
  );
}
