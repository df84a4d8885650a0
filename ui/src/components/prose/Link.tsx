/** A link in the model's words. Choosing it copies the address: the window stays where it is. */
import { type ReactNode, useState } from "react";
import { copy } from "../clipboard";

const KNOWN = /^(https?|mailto):/i;

export function Link({ address, children }: { address: string; children: ReactNode }) {
  const [copied, setCopied] = useState(false);
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
