/** Parts that are drawn again only where what they were given is another. */
import { Component, type ComponentType, h } from "preact";

export function memo<P extends object>(Part: ComponentType<P>): ComponentType<P> {
  return class extends Component<P> {
    override shouldComponentUpdate(next: Readonly<P>): boolean {
      const names = Object.keys({ ...this.props, ...next }) as (keyof P)[];
      return names.some((name) => this.props[name] !== next[name]);
    }
    override render() {
      return h(Part as ComponentType<object>, this.props);
    }
  } as unknown as ComponentType<P>;
}
