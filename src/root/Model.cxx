#include "Model.h"

#include "Check.h"

#include <cstdio>

namespace RootBaler {
namespace Internal {

Model::Model(const std::string &bytes)
{
   Check(rb_model_load(reinterpret_cast<const std::uint8_t *>(bytes.data()), bytes.size(), &fModel));
   fIsParent.assign(Columns(), false);
   for (std::size_t column = 0; column < Columns(); ++column)
      for (std::uint32_t parent : Parents(column))
         fIsParent[parent] = true;
}

Model::~Model()
{
   rb_model_free(fModel);
}

namespace {

std::string BytesOf(const RbModel *model)
{
   std::size_t len = 0;
   const std::uint8_t *bytes = rb_model_bytes(model, &len);
   return std::string(reinterpret_cast<const char *>(bytes), len);
}

} // namespace

std::string Model::Bytes() const
{
   return BytesOf(fModel);
}

std::string Model::QuantisersOnly() const
{
   RbModel *reduced = nullptr;
   Check(rb_model_quantisers_only(fModel, &reduced));
   const std::unique_ptr<RbModel, decltype(&rb_model_free)> owner(reduced, rb_model_free);
   return BytesOf(reduced);
}

std::int64_t Model::Find(const std::string &name, RbType type) const
{
   const std::int64_t column = rb_model_find(fModel, name.c_str());
   return column >= 0 && Type(column) == type ? column : -1;
}

std::vector<std::uint32_t> Model::Parents(std::size_t column) const
{
   std::size_t n = 0;
   const std::uint32_t *parents = rb_model_parents(fModel, column, &n);
   return n ? std::vector<std::uint32_t>(parents, parents + n) : std::vector<std::uint32_t>();
}

std::vector<std::int64_t> Model::Context(std::size_t column, const void *values, std::size_t n) const
{
   std::vector<std::int64_t> context(n);
   if (n)
      Check(rb_model_context(fModel, column, static_cast<const std::uint8_t *>(values), n, context.data()));
   return context;
}

std::string HashText(std::uint64_t hash)
{
   char text[17];
   std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(hash));
   return text;
}

} // namespace Internal
} // namespace RootBaler
