// The nine bytes before every block that ROOT's compression functions exchange.
#ifndef ROOTBALER_BLOCKHEADER_H
#define ROOTBALER_BLOCKHEADER_H

namespace RootBaler {
namespace Internal {

constexpr int kBlockHeader = 9;

/// True if a block of at least 9 bytes is one of ours. The third byte is the version of the format.
inline bool IsOurBlock(const unsigned char *block)
{
   return block[0] == 'R' && block[1] == 'B';
}

struct BlockSizes {
   int fCompressed; ///< with the header
   int fRaw;
};

inline BlockSizes ReadBlockSizes(const unsigned char *block)
{
   auto read = [block](int at) { return block[at] | block[at + 1] << 8 | block[at + 2] << 16; };
   return {read(3) + kBlockHeader, read(6)};
}

} // namespace Internal
} // namespace RootBaler

#endif
