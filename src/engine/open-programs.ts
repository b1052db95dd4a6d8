/** Programs that are open: whoever opened them closes those that are left. */

interface Disposable {
  dispose(): Promise<void>;
}

export class OpenPrograms {
  private readonly open = new Set<Disposable>();

  /** The program, which is forgotten when it is disposed of. */
  keep<P extends Disposable>(program: P): P {
    this.open.add(program);
    const dispose = program.dispose.bind(program);
    program.dispose = () => {
      this.open.delete(program);
      return dispose();
    };
    return program;
  }

  async dispose(): Promise<void> {
    await Promise.all([...this.open].map((program) => program.dispose()));
  }
}
