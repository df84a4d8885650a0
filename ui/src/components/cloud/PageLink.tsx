/** A page of a provider's, opened by the system's browser and never in here. It says where it leads. */
import { useSession } from "../../session/context";

export function PageLink({ address, children }: { address: string; children: string }) {
  const { cloud } = useSession();
  const host = URL.canParse(address) ? new URL(address).host : null;
  if (host === null) return null;
  return (
    <button type="button" className="page-link" title={address} onClick={() => void cloud.openPage(address)}>
      <span>{children}</span> <span className="hint">in your browser, at {host}</span>
    </button>
  );
}
