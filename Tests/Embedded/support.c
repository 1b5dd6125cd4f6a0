// The C functions that embedded Swift calls and WebAssembly does not have. Random bytes, output and the reading of floating point
// numbers come from the page (run.mjs).

#include <stddef.h>
#include <stdint.h>

// The allocator: blocks of 2^n bytes, one list of free blocks for each n. In front of a block stands its header.
typedef struct Header {
  struct Header *next; // while it is free
  uint32_t order;
  uint64_t unused; // what follows the header stands at a multiple of 16
} Header;
_Static_assert(sizeof(Header) == 16, "blocks stand at multiples of 16");

enum { page = 65536, smallest = 5 };

extern unsigned char __heap_base;
static uintptr_t heapStart, heapEnd;
static Header *freeBlocks[32];

static Header *block(uint32_t order) {
  Header *header = freeBlocks[order];
  if (header) {
    freeBlocks[order] = header->next;
    return header;
  }
  size_t size = (size_t)1 << order;
  if (!heapStart) {
    heapStart = ((uintptr_t)&__heap_base + 15) & ~(uintptr_t)15;
    heapEnd = __builtin_wasm_memory_size(0) * page;
  }
  if (heapEnd < heapStart || heapEnd - heapStart < size) {
    size_t missing = heapStart + size - heapEnd;
    if (missing > SIZE_MAX - page || __builtin_wasm_memory_grow(0, (missing + page - 1) / page) == SIZE_MAX) return NULL;
    heapEnd += (missing + page - 1) / page * page;
  }
  header = (Header *)heapStart;
  heapStart += size;
  header->order = order;
  return header;
}

void *malloc(size_t size) {
  if (size > (size_t)1 << 30) return NULL;
  uint32_t order = smallest;
  while (((size_t)1 << order) < size + sizeof(Header)) order++;
  Header *header = block(order);
  return header ? header + 1 : NULL;
}

void free(void *pointer) {
  if (!pointer) return;
  Header *header = (Header *)pointer - 1;
  // A block of posix_memalign: its header says where the whole block is.
  if (header->order == UINT32_MAX) header = header->next;
  header->next = freeBlocks[header->order];
  freeBlocks[header->order] = header;
}

int posix_memalign(void **result, size_t alignment, size_t size) {
  if (alignment <= 16) {
    *result = malloc(size);
    return *result ? 0 : 12;
  }
  char *whole = malloc(size + alignment + sizeof(Header));
  if (!whole) return 12;
  Header *aligned = (Header *)(((uintptr_t)whole + sizeof(Header) + alignment - 1) & ~(alignment - 1));
  aligned[-1].next = (Header *)whole - 1;
  aligned[-1].order = UINT32_MAX;
  *result = aligned;
  return 0;
}

void *memmove(void *to, const void *from, size_t count) {
  unsigned char *target = to;
  const unsigned char *source = from;
  if (target < source) {
    for (size_t index = 0; index < count; index++) target[index] = source[index];
  } else {
    while (count--) target[count] = source[count];
  }
  return to;
}

void *memcpy(void *to, const void *from, size_t count) { return memmove(to, from, count); }

void *memset(void *to, int value, size_t count) {
  unsigned char *target = to;
  for (size_t index = 0; index < count; index++) target[index] = (unsigned char)value;
  return to;
}

int memcmp(const void *left, const void *right, size_t count) {
  const unsigned char *first = left, *second = right;
  for (size_t index = 0; index < count; index++) {
    if (first[index] != second[index]) return first[index] - second[index];
  }
  return 0;
}

// compiler-rt: the product of two 128-bit numbers, from products of 32-bit halves.
__int128 __multi3(__int128 left, __int128 right) {
  uint64_t a = (uint64_t)left, b = (uint64_t)right, mask = UINT32_MAX;
  uint64_t low = (a & mask) * (b & mask);
  uint64_t middle = (a >> 32) * (b & mask) + (low >> 32);
  uint64_t other = (a & mask) * (b >> 32) + (middle & mask);
  uint64_t high = (a >> 32) * (b >> 32) + (middle >> 32) + (other >> 32);
  high += (uint64_t)((unsigned __int128)left >> 64) * b + a * (uint64_t)((unsigned __int128)right >> 64);
  return (__int128)((unsigned __int128)high << 64 | (other << 32 | (low & mask)));
}
