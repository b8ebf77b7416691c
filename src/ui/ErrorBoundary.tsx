import { TriangleAlert } from "lucide-react";
import { Component, type ReactNode } from "react";
import { Button } from "./Button.tsx";
import { EmptyState } from "./EmptyState.tsx";

/** A page that broke, or whose code no longer exists because a new version was deployed: reloading helps with both. */
export class ErrorBoundary extends Component<{ resetKey: string; children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  /** Another page gets its own chance. Not a React `key`, which would drop the old page before the new one is loaded. */
  override componentDidUpdate(before: { resetKey: string }) {
    if (this.state.failed && before.resetKey !== this.props.resetKey) this.setState({ failed: false });
  }

  override render() {
    if (!this.state.failed) return this.props.children;
    return (
      <div className="page py-16" role="alert">
        <EmptyState Icon={TriangleAlert} title="This page broke">
          <p>That is our mistake, and nothing you have booked is affected. Reloading usually helps.</p>
          <Button onClick={() => window.location.reload()}>Reload the page</Button>
        </EmptyState>
      </div>
    );
  }
}
