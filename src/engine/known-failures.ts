/** The table of known failures of devices: texts of ONNX Runtime, its installer and drivers, and what each means. */
import type { DeviceName } from "./engine.ts";

/** What a failure comes to: the device is not there, has too little memory, is lost, or lacks a kernel. */
export type FailureKind = "absent" | "memory" | "lost" | "kernel";

export interface KnownFailure {
  readonly kind: FailureKind;
  readonly devices: readonly DeviceName[];
  /** A text as it comes, shortened; the page shows it, and the test looks it up. */
  readonly text: string;
  readonly pattern: RegExp;
  /** What it is: a clause, as it stands in a message. */
  readonly what: string;
  /** What to do: whole sentences. VERSION stands for ONNX Runtime's. */
  readonly advice: string;
  /** Where the text was found: an issue or pull request, or how it was provoked. */
  readonly source: string;
}

const IN_SOFTWARE = "provoked in software";
const WITHOUT_LIBRARY = "provoked without the library";
const PROVIDER_INSTALL =
  "Run `npm install onnxruntime-node@VERSION` in the same project, with its install script allowed, which downloads them.";
const CUDA_12 =
  "ONNX Runtime VERSION is built for CUDA 12 and cuDNN 9, also where the driver is newer. Install CUDA 12's runtime libraries beside what is there, and name their folder in LD_LIBRARY_PATH.";
const LESS_AT_ONCE =
  "Give it less at once (a smaller --batch-size), or free memory that other programs hold on the device.";
const START_AGAIN =
  "This process cannot use the device any more: start the command again. If it comes again, its memory may be too small (take a smaller --batch-size) or its driver faulty (update it).";

/** In this order: the first row whose pattern fits is the one. The narrow ones stand before the wide ones. */
export const KNOWN_FAILURES: readonly KnownFailure[] = [
  {
    kind: "lost",
    devices: ["webgpu"],
    text: "Failed to download data from buffer. wgpu::MapAsyncStatus value: 4, message: [Device] is lost.",
    pattern: /\[Device[^\]]*\] is lost|WebGPU device lost|VK_ERROR_DEVICE_LOST|Device was destroyed/,
    what: "the GPU was lost: its driver stopped or was reset",
    advice: START_AGAIN,
    source: `${IN_SOFTWARE}; onnxruntime #27634`,
  },
  {
    kind: "memory",
    devices: ["webgpu"],
    text: "Buffer size (1600000000) exceeds the max buffer size limit (1073741824).",
    pattern: /exceeds the max(imum)? .*(buffer|binding).*(size|limit)|Status Message: narrowing_error/i,
    what: "one array is larger than the driver allows",
    advice: "Give it less at once: a smaller --batch-size makes every array smaller.",
    source: `${IN_SOFTWARE}; onnxruntime #25195`,
  },
  {
    kind: "memory",
    devices: ["webgpu"],
    text: "Too many storage buffers in shader. Current: 16, Max is 12",
    pattern: /Too many storage buffers in shader/,
    what: "an array would have to be split into more parts than the driver allows",
    advice:
      "Give it less at once: a smaller --batch-size makes every array smaller. Or run it with `--device cpu`.",
    source: IN_SOFTWARE,
  },
  {
    kind: "memory",
    devices: ["webgpu"],
    text: "[Invalid Buffer (unlabeled)] is invalid due to a previous error.",
    pattern:
      /\[Invalid Buffer[^\]]*\] is invalid|VK_ERROR_OUT_OF_(DEVICE|HOST)_MEMORY|WebGPU device error\(\d+\): Out of memory/i,
    what: "memory that was asked of the GPU could not be had",
    advice: LESS_AT_ONCE,
    source: `${IN_SOFTWARE}; onnxruntime #25195, web-llm #60`,
  },
  {
    kind: "absent",
    devices: ["webgpu"],
    text: "Warning: Couldn't load Vulkan: libvulkan.so.1: cannot open shared object file",
    pattern: /Couldn't load Vulkan/,
    what: "Vulkan's loader, libvulkan.so.1, is missing",
    advice: "Install it: `sudo apt-get install libvulkan1` on Debian and Ubuntu, `vulkan-loader` on Fedora.",
    source: IN_SOFTWARE,
  },
  {
    kind: "absent",
    devices: ["webgpu"],
    text: "Warning: vkCreateInstance: Found no drivers!",
    pattern: /vkCreateInstance: Found no drivers|VK_ERROR_INCOMPATIBLE_DRIVER/,
    what: "Vulkan found no driver of a GPU",
    advice:
      "Install the driver of your GPU; NVIDIA's must include its part for graphics (`libnvidia-gl-...` on Ubuntu), in containers NVIDIA_DRIVER_CAPABILITIES=all. If VK_DRIVER_FILES is set, it must name files that exist.",
    source: IN_SOFTWARE,
  },
  {
    kind: "absent",
    devices: ["webgpu"],
    text: "Warning: Vulkan shaderUniform*ArrayDynamicIndexing required. - While initializing adapter (backend=BackendType::Vulkan)",
    pattern: /While initializing adapter/,
    what: "Vulkan has a driver, but none that does what WebGPU needs",
    advice:
      "Install the newest driver of your GPU. Drivers in software of older Mesa are not enough, nor are GPUs before Vulkan 1.1.",
    source: IN_SOFTWARE,
  },
  {
    kind: "absent",
    devices: ["webgpu"],
    text: "Failed to get a WebGPU adapter: No supported adapters",
    pattern: /Failed to get a WebGPU adapter/,
    what: "no GPU that WebGPU can use was found",
    advice: "It needs a GPU with a driver for Vulkan (Linux), Metal (macOS) or Direct3D 12 (Windows).",
    source: `${IN_SOFTWARE}; onnxruntime #25219`,
  },
  {
    kind: "absent",
    devices: ["webgpu"],
    text: "Failed to get a WebGPU device: ",
    pattern: /Failed to get a WebGPU device/,
    what: "the GPU was found, but its driver refused to open it",
    advice: "Close what else uses the GPU, update its driver, and start again.",
    source: "text of ONNX Runtime 1.30",
  },
  {
    kind: "kernel",
    devices: ["webgpu"],
    text: "The Indices output is not supported yet.",
    pattern: /Indices output is not supported yet/,
    what: "WebGPU's MaxPool does not say where the maxima are",
    advice: "Networks of gan-eval do without; run one in an ONNX file with `--device cpu`.",
    source: "onnxruntime #23714",
  },
  {
    kind: "kernel",
    devices: ["webgpu", "cuda", "dml", "coreml"],
    text: "This session contains graph nodes that are assigned to the default CPU EP, but fallback to CPU EP has been explicitly disabled by the user.",
    pattern: /fallback to CPU EP has been explicitly disabled/,
    what: "the device lacks a kernel that the network needs",
    advice: "Run it with `--device cpu`, and report which network it was.",
    source: IN_SOFTWARE,
  },
  {
    kind: "kernel",
    devices: ["webgpu"],
    text: "WebGPU validation failed.",
    pattern: /WebGPU validation failed|Error while parsing WGSL|Failed to create compute pipeline/i,
    what: "a kernel was refused by the driver",
    advice: "Update the driver. If it stays so, run it with `--device cpu`, and report it with this text.",
    source: "text of ONNX Runtime 1.30",
  },
  {
    kind: "absent",
    devices: ["cuda"],
    text: "Failed to load library libonnxruntime_providers_shared.so with error: libonnxruntime_providers_shared.so: cannot open shared object file: No such file or directory",
    pattern: /libonnxruntime_providers_(shared|cuda)\.so: cannot open/,
    what: "ONNX Runtime's CUDA libraries are not installed",
    advice: PROVIDER_INSTALL,
    source: `${WITHOUT_LIBRARY}; onnxruntime #8052`,
  },
  {
    kind: "absent",
    devices: ["cuda"],
    text: "Failed to load library libonnxruntime_providers_cuda.so with error: libcudnn.so.9: cannot open shared object file: No such file or directory",
    pattern: /libcudnn\w*\.so\.\d+: cannot open|Unable to load.*libcudnn/,
    what: "cuDNN is missing",
    advice:
      "Install cuDNN 9 for CUDA 12, and name its folder in LD_LIBRARY_PATH if the loader does not find it.",
    source: `${WITHOUT_LIBRARY}; onnxruntime #19616, memoavatar/memo #13`,
  },
  {
    kind: "absent",
    devices: ["cuda"],
    text: "Failed to load library libonnxruntime_providers_cuda.so with error: libcublasLt.so.12: cannot open shared object file: No such file or directory",
    pattern: /lib(cublas|cublasLt|cudart|cufft|curand|nvrtc|nvJitLink)\.so\.\d+: cannot open/,
    what: "CUDA's libraries are missing, or are of another version than 12",
    advice: CUDA_12,
    source: "onnxruntime #20745, #19602, onnxruntime-genai #2087",
  },
  {
    kind: "absent",
    devices: ["cuda"],
    text: "Failed to detect CUDA version from `nvcc --version`: Unsupported CUDA version: 13",
    pattern: /Unsupported CUDA version/,
    what: "the installer of onnxruntime-node does not know this machine's CUDA 13",
    advice: `In VERSION this is a warning; if the installation stops at it, set ONNXRUNTIME_NODE_INSTALL=cuda12. ${CUDA_12}`,
    source: "onnxruntime #27895, GitNexus #40",
  },
  {
    kind: "absent",
    devices: ["cuda"],
    text: "Failed to find runtimes/win-x64/native/libonnxruntime_providers_cuda.so in NuGet package",
    pattern: /Failed to find runtimes\/win-x64/,
    what: "onnxruntime-node 1.22.0 looks for its Linux libraries under the name of Windows",
    advice: "Install `onnxruntime-node@VERSION`: gan-eval uses no other version.",
    source: "onnxruntime #24770, #24918",
  },
  {
    kind: "absent",
    devices: ["cuda"],
    text: "Error: Failed to download Nuget index from ...",
    pattern: /Failed to (download|resolve|find).*(nuget|nupkg|package)/i,
    what: "the installer of onnxruntime-node could not download the CUDA libraries",
    advice:
      "Allow it its download, through a proxy by GLOBAL_AGENT_HTTPS_PROXY, or set ONNXRUNTIME_NODE_INSTALL=skip and do without CUDA.",
    source: "install script of onnxruntime-node 1.30.0",
  },
  {
    kind: "absent",
    devices: ["cuda"],
    text: "CUDA failure 35: CUDA driver version is insufficient for CUDA runtime version",
    pattern: /CUDA failure 35\b|driver version is insufficient/,
    what: "NVIDIA's driver is too old for CUDA 12",
    advice:
      "Install a newer driver; `nvidia-smi` shows the newest CUDA that the driver can do, which must be 12 or later.",
    source: "onnxruntime/mobius #316, triton-inference-server/server #4345",
  },
  {
    kind: "absent",
    devices: ["cuda"],
    text: "CUDA failure 100: no CUDA-capable device is detected",
    pattern: /CUDA failure 100\b|no CUDA-capable device/,
    what: "CUDA is installed, but sees no NVIDIA GPU",
    advice:
      "`nvidia-smi` must list the GPU. In containers start with `--gpus all`; CUDA_VISIBLE_DEVICES must not be empty.",
    source: "onnxruntime #11561, #22980",
  },
  {
    kind: "absent",
    devices: ["cuda"],
    text: "CUDA error cudaErrorNoKernelImageForDevice:no kernel image is available for execution on the device",
    pattern: /CUDA failure 209\b|cudaErrorNoKernelImageForDevice|no kernel image is available/,
    what: "ONNX Runtime's CUDA kernels are not built for this generation of GPU",
    advice: "Use `--device webgpu`, which compiles its kernels on the spot.",
    source: "onnxruntime #26181, #27725",
  },
  {
    kind: "lost",
    devices: ["cuda"],
    text: "CUDA failure 700: an illegal memory access was encountered",
    pattern:
      /CUDA failure (46|79|214|700|702|710|71[4-9]|999)\b|illegal memory access|unspecified launch failure|launch timed out|uncorrectable ECC/,
    what: "CUDA failed in a way that ends its context",
    advice: START_AGAIN,
    source: "onnxruntime #26312",
  },
  {
    kind: "memory",
    devices: ["cuda"],
    text: "BFCArena::AllocateRawInternal Failed to allocate memory for requested buffer of size 939524096",
    pattern:
      /CUDA failure 2\b|BFCArena::AllocateRawInternal|Failed to allocate memory for requested buffer|BFC Arena ran out of memory|(CUBLAS|CUDNN)_STATUS_ALLOC_FAILED|CUDA.*out of memory/,
    what: "the GPU's memory is full",
    advice: LESS_AT_ONCE,
    source: "onnxruntime #16307, #22702",
  },
  {
    kind: "absent",
    devices: ["cuda"],
    text: "OrtSessionOptionsAppendExecutionProvider_Cuda: Failed to load shared library",
    pattern: /AppendExecutionProvider_Cuda: Failed to load/i,
    what: "ONNX Runtime's CUDA library could not be loaded",
    advice: `${PROVIDER_INSTALL} It needs Linux x64, an NVIDIA driver, CUDA 12 and cuDNN 9.`,
    source: `${WITHOUT_LIBRARY}; onnxruntime #8052`,
  },
  {
    kind: "lost",
    devices: ["dml"],
    text: "887A0005 The GPU device instance has been suspended. Use GetDeviceRemovedReason to determine the appropriate action.",
    pattern:
      /887A00(0[567]|20)|DXGI_ERROR_(DEVICE_(REMOVED|HUNG|RESET)|DRIVER_INTERNAL)|GPU device instance has been suspended|GPU will not respond/i,
    what: "the GPU was removed or reset by Windows",
    advice: START_AGAIN,
    source: "onnxruntime #26606, #28495, #22700",
  },
  {
    kind: "memory",
    devices: ["dml"],
    text: "8007000E Not enough memory resources are available to complete this operation.",
    pattern: /8007000E|E_OUTOFMEMORY|Not enough memory resources/i,
    what: "the GPU's memory is full",
    advice: LESS_AT_ONCE,
    source: "diffusers #791, DirectML #492",
  },
  {
    kind: "absent",
    devices: ["webgpu", "cuda", "dml", "coreml"],
    text: "the process that tested it ended with SIGSEGV",
    pattern: /process that tested it ended with/,
    what: "the driver crashed or hung when it was tried",
    advice: "Update the driver of your GPU, or leave the device out.",
    source: "gan-eval's own trial",
  },
];
