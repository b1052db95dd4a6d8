/* A Vulkan driver that is SwiftShader until it fails on purpose: after LOSE_AFTER submissions the device is lost, after
   OOM_AFTER allocations there is no memory. Build: cc -shared -fPIC -o liblosing.so losing-driver.c -ldl */
#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT __attribute__((visibility("default")))

enum { OUT_OF_DEVICE_MEMORY = -2, DEVICE_LOST = -4 };

typedef void (*Function)(void);
typedef Function (*GetProcAddr)(void *owner, const char *name);
typedef int (*Submit)(void *queue, uint32_t count, const void *submits, void *fence);
typedef int (*Allocate)(void *device, const void *info, const void *allocator, void *memory);

static void *library;
static GetProcAddr instance_proc, device_proc;
static Submit real_submit;
static Allocate real_allocate;
static int submissions, allocations, lose_after = -1, oom_after = -1;

static int setting(const char *name) {
  const char *value = getenv(name);
  return value ? atoi(value) : -1;
}

static void open_library(void) {
  if (library) return;
  library = dlopen(getenv("REAL_DRIVER"), RTLD_NOW);
  instance_proc = (GetProcAddr)dlsym(library, "vk_icdGetInstanceProcAddr");
  lose_after = setting("LOSE_AFTER");
  oom_after = setting("OOM_AFTER");
}

static int submit(void *queue, uint32_t count, const void *submits, void *fence) {
  if (lose_after >= 0 && ++submissions > lose_after) return DEVICE_LOST;
  return real_submit(queue, count, submits, fence);
}

static int allocate(void *device, const void *info, const void *allocator, void *memory) {
  if (oom_after >= 0 && ++allocations > oom_after) return OUT_OF_DEVICE_MEMORY;
  return real_allocate(device, info, allocator, memory);
}

/* The loader asks for functions by name; two of them are ours. */
static Function replace(const char *name, Function real) {
  if (real && !strcmp(name, "vkQueueSubmit")) {
    real_submit = (Submit)real;
    return (Function)submit;
  }
  if (real && !strcmp(name, "vkAllocateMemory")) {
    real_allocate = (Allocate)real;
    return (Function)allocate;
  }
  return real;
}

static Function get_device_proc(void *device, const char *name) {
  return replace(name, device_proc(device, name));
}

EXPORT Function vk_icdGetInstanceProcAddr(void *instance, const char *name) {
  open_library();
  Function real = instance_proc(instance, name);
  if (real && !strcmp(name, "vkGetDeviceProcAddr")) {
    device_proc = (GetProcAddr)real;
    return (Function)get_device_proc;
  }
  return replace(name, real);
}

EXPORT Function vk_icdGetPhysicalDeviceProcAddr(void *instance, const char *name) {
  open_library();
  GetProcAddr get = (GetProcAddr)dlsym(library, "vk_icdGetPhysicalDeviceProcAddr");
  return get ? get(instance, name) : 0;
}

EXPORT int vk_icdNegotiateLoaderICDInterfaceVersion(uint32_t *version) {
  open_library();
  int (*negotiate)(uint32_t *) = (int (*)(uint32_t *))dlsym(library, "vk_icdNegotiateLoaderICDInterfaceVersion");
  return negotiate ? negotiate(version) : 0;
}
