// biome-ignore lint/style/noDefaultExport: this is how ava takes its configuration.
export default {
  extensions: ["ts"],
  files: ["tests/boot/**/*.test.ts"],
  // Each machine takes both cores; more at once would only be slower, and less even.
  concurrency: 1,
  serial: true,
  // The exit handler that ends QEMU belongs to a process, not to a thread.
  workerThreads: false,
  timeout: "25m",
  failFast: false,
};
