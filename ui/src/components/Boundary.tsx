/** What cannot be drawn costs its own place and nothing around it. */
import { Component, type ReactNode } from "react";

interface Props {
  /** "This message", "This part of the window". */
  what: string;
  /** Drawn again when this changes: what was wrong may be gone. */
  of?: unknown;
  /** The words themselves, where there are any: they can still be read and copied. */
  text?: string;
  children: ReactNode;
}

export class Boundary extends Component<Props, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override componentDidUpdate(before: Props) {
    if (this.state.failed && before.of !== this.props.of) this.setState({ failed: false });
  }

  override render() {
    if (!this.state.failed) return this.props.children;
    return (
      <div className="trouble undrawn" role="alert">
        <div>
          <p>{this.props.what} could not be drawn. Nothing is lost.</p>
          {this.props.text && <pre>{this.props.text}</pre>}
        </div>
        <button type="button" className="quiet" onClick={() => this.setState({ failed: false })}>
          Try again
        </button>
      </div>
    );
  }
}
