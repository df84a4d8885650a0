/**
 * A link in the model's words. Choosing it copies the address: the window stays where it is. One to
 * the help opens that.
 */
import { type ReactNode, useContext, useState } from "react";
import { copy } from "../clipboard";
import { HELP_LINK, OpenHelp } from "../openHelp";

const KNOWN = /^(https?|mailto):/i;

export function Link({ address, children }: { address: string; children: ReactNode }) {
  const [copied, setCopied] = useState(false);
  const openHelp = useContext(OpenHelp);
  if (address.startsWith(HELP_LINK)) {
    return (
      <button type="button" className="link" onClick={() => openHelp(address.slice(HELP_LINK.length))}>
        {children}
      </button>
    );
  }
  if (!KNOWN.test(address)) return <span>{children}</span>;
  return (
    <button
      type="button"
      className="link"
      title={copied ? "Address copied" : `Copy ${address}`}
      onClick={() => void copy(address).then(setCopied)}
      onBlur={() => setCopied(false)}
    >
      {children}
      {copied && <span className="copied"> (address copied)</span>}
    </button>
  );
}
