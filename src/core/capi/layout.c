/* Compiled by build.rs and linked nowhere: a number of the header that is not that of layout.table is an array of
 * negative size. */
#include "rootbaler/rootbaler.h"

#define CHECK(name, holds) extern char name[(holds) ? 1 : -1];
#define NUMBER(name, value) CHECK(is_##name, name == (value))
#define CONSTANT(type, name, value) CHECK(is_##name, name == (value))
#define SIZE(type, bytes) CHECK(size_of_##type, sizeof(type) == (bytes))
#define OFFSET(type, member, bytes) CHECK(place_of_##type##_##member, offsetof(type, member) == (bytes))

#include "layout.table"
