// The compression setting that selects RootBaler.
#ifndef ROOTBALER_SETTING_H
#define ROOTBALER_SETTING_H

namespace RootBaler {

/// The number of our algorithm in ROOT's compression settings (algorithm * 100 + level).
constexpr int kAlgorithm = 66;

/// The compression setting for `level` 1 (fast) to 9 (small), e.g. branch->SetCompressionSettings(Setting(5)).
constexpr int Setting(int level = 5)
{
   return kAlgorithm * 100 + (level < 1 ? 1 : level > 9 ? 9 : level);
}

} // namespace RootBaler

#endif
