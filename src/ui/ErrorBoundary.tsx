import { TriangleAlert } from "lucide-react";
import { Component, type ReactNode } from "react";
import { brokenPage } from "#words/layout.ts";
import { endFirstView } from "@/lib/firstView.ts";
import { Button } from "./Button.tsx";
import { EmptyState } from "./EmptyState.tsx";

/** Catches a page that fails to render, or whose code was replaced by a deployment. Reloading helps with both. */
export class ErrorBoundary extends Component<{ resetKey: string; children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override componentDidCatch() {
    endFirstView();
  }

  /** Resets on another page. A React `key` would drop the old page before the new one has loaded. */
  override componentDidUpdate(before: { resetKey: string }) {
    if (this.state.failed && before.resetKey !== this.props.resetKey) this.setState({ failed: false });
  }

  override render() {
    if (!this.state.failed) return this.props.children;
    return (
      <div className="page py-16" role="alert">
        <EmptyState Icon={TriangleAlert} title={brokenPage.title}>
          <p>{brokenPage.detail}</p>
          <Button onClick={() => window.location.reload()}>{brokenPage.reload}</Button>
        </EmptyState>
      </div>
    );
  }
}
