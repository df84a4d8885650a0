/** A sentence about what went wrong, where it went wrong. Never a window of its own. */
import { PageLink } from "./cloud/PageLink";
import { Icon } from "./Icon";

interface Props {
  sentence: string;
  /** A page of a provider's where it can be mended. */
  page?: string | null;
  onDismiss?: () => void;
}

export function Trouble({ sentence, page = null, onDismiss }: Props) {
  return (
    <div className="trouble" role="alert">
      <p>
        {sentence}
        {page !== null && (
          <>
            {" "}
            <PageLink address={page}>Open the page for it</PageLink>
          </>
        )}
      </p>
      {onDismiss && (
        <button type="button" className="icon-button" aria-label="Close this message" onClick={onDismiss}>
          <Icon name="close" />
        </button>
      )}
    </div>
  );
}
