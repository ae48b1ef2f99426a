#include "codec/Model.h"

#include "support/Check.h"

#include <cstdio>

namespace RootBaler {
namespace Internal {

Model::Model(RbModel *model) : fModel(model)
{
   fIsParent.assign(Columns(), false);
   for (std::size_t column = 0; column < Columns(); ++column)
      for (std::uint32_t parent : Parents(column))
         fIsParent[parent] = true;
   for (std::size_t column = 0; column < Columns(); ++column) {
      if (const auto foreign = Foreign(column)) {
         fForeign.emplace_back(foreign->fBranch, column);
         fIsParent[foreign->fIndex] = true;
      }
   }
}

Model::~Model()
{
   rb_model_free(fModel);
}

std::string Model::Bytes() const
{
   std::size_t len = 0;
   const std::uint8_t *bytes = rb_model_bytes(fModel, &len);
   return std::string(reinterpret_cast<const char *>(bytes), len);
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

std::optional<Model::ForeignSource> Model::Foreign(std::size_t column) const
{
   std::uint32_t index = 0;
   const char *branch = rb_model_foreign(fModel, column, &index);
   if (!branch)
      return {};
   return ForeignSource{branch, index};
}

std::vector<std::size_t> Model::ForeignOf(const std::string &branch) const
{
   std::vector<std::size_t> columns;
   for (const auto &foreign : fForeign)
      if (foreign.first == branch)
         columns.push_back(foreign.second);
   return columns;
}

ColumnContext Model::Gather(std::size_t column, const RbElements &index, const RbElements &elements) const
{
   ColumnContext context = RoomForContext(column, index.n);
   const RbSeenOut out = context.Room();
   Check(rb_model_gather(fModel, column, &index, &elements, &out));
   return context;
}

ColumnContext Model::Context(std::size_t column, const void *values, std::size_t n) const
{
   ColumnContext context = RoomForContext(column, n);
   const RbSeenOut out = context.Room();
   if (n)
      Check(rb_model_context(fModel, column, static_cast<const std::uint8_t *>(values), n, &out));
   return context;
}

ColumnContext Model::RoomForContext(std::size_t column, std::size_t n) const
{
   ColumnContext context;
   context.fScores.resize(n);
   context.fLattice.resize(rb_model_lattice_seen(fModel, column) ? n : 0);
   return context;
}

void ColumnContext::Append(const ColumnContext &other, std::size_t first, std::size_t end)
{
   fScores.insert(fScores.end(), other.fScores.begin() + first, other.fScores.begin() + end);
   if (!other.fLattice.empty())
      fLattice.insert(fLattice.end(), other.fLattice.begin() + first, other.fLattice.begin() + end);
}

std::string HashText(std::uint64_t hash)
{
   char text[17];
   std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(hash));
   return text;
}

} // namespace Internal
} // namespace RootBaler
