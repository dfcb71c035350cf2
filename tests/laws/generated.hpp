// Networks from seeds: a hash picks an input, sections and a head from tables; every pick is a valid network.
#pragma once

#include "comparison.hpp"

#include <cxxabi.h>

#include <array>
#include <cstdlib>
#include <set>
#include <tuple>
#include <typeinfo>
#include <utility>

namespace laws {

// A user's activations, in the ways a user can state them.
struct mish_formula {
  constexpr auto operator()(auto x) const { return x * tanh(log(1 + exp(x))); }
};
struct wave_formula {
  constexpr auto operator()(auto x, auto a) const { return x + sin(a * x) * sqrt(1 + abs(x)); }
};
using Mish = Activation<mish_formula{}>;
using Wave = Activation<wave_formula{}>;

using activation_table = std::tuple<Identity, Logistic, Tanh, ArcTan, ReLU, PReLU, PReLUPerChannel, ELU, ELUWith<0.5>,
                                    SoftPlus, LeakyReLU, LeakyReLUWith<0.2>, GELU, SiLU, Mish, Wave, BinaryStep, ReLU6>;
inline constexpr int activation_count = std::tuple_size_v<activation_table>;

/// What a section may use: the channels it gets, those it may give, a kernel size, two activations.
template<int Channels, int Others, int Kernel, class First, class Second> struct supply {
  static constexpr int channels = Channels, others = Others, kernel = Kernel;
  using first = First;
  using second = Second;
};

/// Words that turn `channels` of an image (or features) into `Channels`.
template<int Channels, class... Words> struct section { static constexpr int channels = Channels; };

// Sections of images. All fit an image of 2×2, and leave at least 2×2 of one of 7×7.
template<class S, int C = S::channels, int F = S::others, class A = typename S::first, class B = typename S::second>
struct image_sections {
  static constexpr int divisor = C % 2 == 0 ? 2 : C % 3 == 0 ? 3 : C;  // of the channels
  static constexpr int odd = S::kernel | 1;

  using all = std::tuple<
      section<F, Conv<S::kernel, F>, BN, A>, section<F, Conv<3, F, Stride<2>>, A>,
      section<F, Conv<4, F, Stride<3>, Padding<3>, Bias<false>>, A, BN>,
      section<F, Conv<5, F, Stride<4>, Bias<true>>, BN, A>,
      section<F, Conv<3, C, Groups<C>>, A, Conv<1, F, Bias<false>>>,
      section<C, Conv<2, C, Groups<divisor>, Dilation<2>, Padding<1>>, BN, A>,
      section<F, Conv<3, F, Dilation<2>, Padding<3>>, A, MaxPool<3, Stride<2>, Padding<1>>>,
      section<C, BN, A, MaxPool<2>>, section<C, MaxPool<2, Stride<1>>, A, AvgPool<3, Stride<2>, Padding<1>>>,
      section<F, AvgPool<2>, Conv<1, F>, A>, section<C, Residual<Conv<odd, C>, BN, A, Conv<3, C>, BN>, B>,
      section<F, Residual<Shortcut<Conv<1, F, Stride<2>>, BN>, Conv<3, F, Stride<2>>, BN, A, Conv<3, F>>, B>,
      section<C, Residual<BN, A, Conv<3, C>, BN, B, Conv<1, C>>>, section<C, Repeat<2, Residual<Conv<3, C>, A>, B>>,
      section<F + C, Concat<Sequential<Conv<1, F>, A>, Conv<3, C>>, BN>,
      section<C + C + 3, Concat<Conv<1, 3>, Sequential<BN, A>, MaxPool<3, Stride<1>, Padding<1>>>>,
      section<3 * C + 1, Concat<Identity, A, Conv<1, 1>, Sequential<Dropout<0.2>, B>>>,
      section<F, Dropout<0.3>, Conv<1, F>, A, Dropout<0.5>>,
      section<C, Residual<Residual<A, Conv<3, C>>, Dropout<0.4>>, B>,
      section<C, Residual<Concat<Conv<1, 2>, A>, Conv<1, C>>, Residual<>>, section<C, A, BN, B>,
      section<C, Residual<Shortcut<B>, Sequential<Conv<1, 4>, Sequential<BN, A>>, Conv<3, C>>>,
      section<C, A, Residual<Shortcut<Sequential<>>, B>, Residual<Sequential<AvgPool<3, Stride<1>, Padding<1>>>>>>;
};

// Sections with a window of every size at every stride. All fit any image.
template<class S, int K = S::kernel, int C = S::channels, int F = S::others, class A = typename S::first>
struct window_sections {
  static constexpr int divisor = image_sections<S>::divisor;

  using all = std::tuple<section<F, Conv<K, F, Stride<1 + K % 4>>, A, MaxPool<K, Stride<1 + K % 3>, Padding<K / 2>>>,
                         section<C, Conv<K, C, Stride<1 + (K + 1) % 4>, Groups<C>>, BN, A>,
                         section<C, Conv<K, C, Dilation<1 + K % 2>, Groups<divisor>, Padding<K>>, A,
                                 AvgPool<K, Stride<4>, Padding<K / 2>>>>;
};

// Sections with the words that networks of other kinds are made of: factors, layer normalisation,
// upsampling, transposed convolutions.
template<class S, int C = S::channels, int F = S::others, class A = typename S::first, class B = typename S::second>
struct further_sections {
  using all = std::tuple<
      section<C, Scale<GlobalAvgPool, Dense<5>, A, Dense<C>, B>>,
      section<C, Residual<Conv<3, C>, BN, Scale<GlobalAvgPool, Dense<C>, Logistic>>, A>,
      section<F, Conv<1, F>, BN, A, Scale<Conv<S::kernel | 1, F>, B>, Conv<1, F>>,
      section<C, Scale<BN, A>, B, Scale<Scale<GlobalAvgPool, A>, Dropout<0.3>>>,
      section<F, Conv<S::kernel | 1, F>, LayerNorm, A, Conv<1, F>, LayerNormWith<3>>,
      section<C, Residual<Conv<7, C, Groups<C>>, LayerNorm, Conv<1, 17>, GELU, Conv<1, C>, LayerScale>, A>,
      section<C, BN, A, LayerNorm, BN, B, LayerNorm>,
      section<F, Conv<3, F, Stride<2>>, BN, A, Upsample<2>, Conv<1, F>, B>,
      section<C, AvgPool<2>, A, Upsample<S::kernel % 4 + 1, Bilinear>, BN, MaxPool<2>, B>,
      section<F, MaxPool<2>, A, ConvTranspose<2, F, Stride<2>>, BN, B>,
      section<F, ConvTranspose<S::kernel, F, Stride<S::kernel % 3 + 1>>, A, Conv<3, F, Stride<3>>>,
      section<C, Conv<3, C, Stride<2>>, BN, A, ConvTranspose<3, C, Groups<image_sections<S>::divisor>, Dilation<2>>, B>,
      section<F + C, BN, A,
              Concat<Sequential<MaxPool<2>, ConvTranspose<4, F, Stride<2>, Bias<false>>>,
                     Sequential<AvgPool<2>, Upsample<2>>>>>;
};

template<class S, int C = S::channels, int F = S::others, class A = typename S::first, class B = typename S::second>
struct further_feature_sections {
  using all = std::tuple<section<F, Dense<F>, Scale<Dense<F>, A>, B>, section<C, Scale<BN, A>, B>,
                         section<F, LayerNorm, A, Dense<F>, LayerNormWith<4>, B>,
                         section<C, Residual<LayerNorm, Dense<C>, A, LayerScale>, BN, LayerNorm>>;
};

template<class S, int C = S::channels, int F = S::others, class A = typename S::first, class B = typename S::second>
struct feature_sections {
  using all = std::tuple<section<F, Dense<F>, BN, A>, section<C, Residual<Dense<C>, A>, B>,
                         section<5 + C, Concat<Dense<5>, Sequential<A, Dense<C, Bias<false>>>>>,
                         section<F, Dropout<0.25>, Dense<F, Bias<true>>, BN, A>, section<F, BN, A, Dense<F>, B>,
                         section<C, Repeat<2, Residual<BN, A, Dense<C>>>>>;
};

// How an image becomes the output. Some outputs are images.
template<class S, class A = typename S::first, class B = typename S::second> struct heads {
  using all =
      std::tuple<section<5, Flatten, Dense<5>>, section<10, GlobalAvgPool, Dense<10>>,
                 section<3, Flatten, Dense<17>, BN, B, Dense<3>>,
                 section<4, GlobalAvgPool, BN, A, Dense<4, Bias<false>>>, section<0>,
                 section<6, Flatten, Dense<6>, Concat<B, Dense<3>>>, section<2, Conv<3, 2>>, section<0, GlobalAvgPool>>;
};

template<class S, class B = typename S::second> struct feature_heads {
  using all = std::tuple<section<3, Dense<3>>, section<0>, section<7, Dense<7>, B>>;
};

/// What the networks of one table are made from. A file's table has one image size and few channel counts, so that
/// kernels are shared: compiling them is what these tests cost.
template<int Height, int Width> struct image_table {
  static constexpr int one_in = 5;  // has a second section
  template<class S> using sections = typename image_sections<S>::all;
  template<class S> using last = typename heads<S>::all;
  template<int C> using input = Image<C, Height, Width>;
};
template<int Height, int Width> struct window_table : image_table<Height, Width> {
  static constexpr int one_in = 1 << 20;
  template<class S> using sections = typename window_sections<S>::all;
  template<class S> using last = std::tuple<section<0>>;
};
template<int Height, int Width> struct further_table : image_table<Height, Width> {
  template<class S> using sections = typename further_sections<S>::all;
};
struct further_feature_table {
  static constexpr int one_in = 2;
  template<class S> using sections = typename further_feature_sections<S>::all;
  template<class S> using last = typename feature_heads<S>::all;
  template<int C> using input = Features<C>;
};
struct feature_table {
  static constexpr int one_in = 2;
  template<class S> using sections = typename feature_sections<S>::all;
  template<class S> using last = typename feature_heads<S>::all;
  template<int C> using input = Features<C>;
};

template<class Input, class First, class Second, class Head> struct put_together;
template<class Input, int A, class... First, int B, class... Second, int C, class... Head>
struct put_together<Input, section<A, First...>, section<B, Second...>, section<C, Head...>> {
  using type = Network<Input, First..., Second..., Head...>;
};

template<class Table, int Seed, int... Channels> struct generation {
  /// Something out of `count`; each `what` is a draw of its own.
  static constexpr int draw(int what, int count) { return static_cast<int>(hash_of(Seed, what) % count); }
  static constexpr int channel_draw(int what) {
    constexpr std::array all{Channels...};
    return all[draw(what, sizeof...(Channels))];
  }
  template<class List, int I> using at = std::tuple_element_t<I % std::tuple_size_v<List>, List>;
  template<int I> using activation = at<activation_table, I>;

  // The first section, its activation and its kernel go round, so that all occur; everything else is drawn.
  using first_supply =
      supply<channel_draw(0), channel_draw(1), Seed % 11 + 1, activation<Seed>, activation<draw(3, activation_count)>>;
  using first = at<typename Table::template sections<first_supply>, Seed>;
  using second_supply = supply<first::channels, channel_draw(4), draw(5, 5) + 1, activation<draw(6, activation_count)>,
                               activation<draw(7, activation_count)>>;
  static constexpr bool has_second = draw(8, Table::one_in) == 0;
  using second = std::conditional_t<has_second, at<typename Table::template sections<second_supply>, draw(9, 1 << 20)>,
                                    section<first::channels>>;
  using head = at<typename Table::template last<second_supply>, Seed + draw(10, 2)>;
  using type = typename put_together<typename Table::template input<first_supply::channels>, first, second, head>::type;
};

/// The network of a seed; channel counts are drawn from `Channels`.
template<class Table, int Seed, int... Channels> using generated = typename generation<Table, Seed, Channels...>::type;

/// A network, ready to be put to the law; without `unfused`, to half of it.
struct generated_network {
  std::string name;
  std::unique_ptr<specimen> (*fused)();
  std::unique_ptr<specimen> (*unfused)();
  std::unique_ptr<specimen> (*reference)();
};

/// What a set of networks covers, in words: "Conv kernel 7", "Concat of 3", "GELU", "channels 17".
struct coverage {
  int networks = 0;
  std::set<std::string> words;
};
inline coverage& covered() {
  static coverage all;
  return all;
}

template<class Type> std::string spelled() {
  std::unique_ptr<char, void (*)(void*)> const text{abi::__cxa_demangle(typeid(Type).name(), nullptr, nullptr, nullptr),
                                                    std::free};
  std::string name = text ? text.get() : typeid(Type).name();  // there are names that cannot be read
  for (std::string const scope : {"laminate::", "laws::"})
    for (std::size_t i; (i = name.find(scope)) != name.npos;) name.erase(i, scope.size());
  return name;
}

inline std::string with_number(char const* what, int n) { return what + (" " + std::to_string(n)); }

/// Notes what one network covers.
inline void cover(std::span<facts const> words, std::span<std::string const> leaves,
                  std::span<graph_node const> nodes) {
  auto& all = covered().words;
  ++covered().networks;
  for (std::size_t i = 0; i < words.size(); ++i) {
    facts const& f = words[i];
    all.insert(with_number("role", static_cast<int>(f.acts_as)));
    if (f.acts_as == role::activation) all.insert(leaves[i]);
    if (f.acts_as == role::open_concatenation) all.insert(with_number("Concat of", f.count));
    if (f.acts_as == role::open_residual)
      all.insert(with_number("Residual beginning with role", static_cast<int>(words[i + 1].acts_as)));
    if (has_weights(f.acts_as))
      all.insert(leaves[i].substr(0, leaves[i].find('<')) + with_number(" bias", static_cast<int>(f.bias)));
    if (f.acts_as == role::convolution && f.padding_given) all.insert("Conv with padding given");
  }
  for (graph_node const& v : nodes) {
    window const& w = v.how;
    graph_node const& before = nodes[std::max(v.inputs[0], 0)];
    all.insert(with_number("role", static_cast<int>(v.acts_as)));
    all.insert(with_number("channels", v.out.channels));
    if (v.in.height % 2 == 1 || v.in.width % 2 == 1) all.insert("an odd size");
    if (v.acts_as == role::convolution) {
      all.insert(with_number("Conv kernel", w.kernel));
      all.insert(with_number("Conv stride", w.stride));
      all.insert(with_number("Conv dilation", w.dilation));
      if (w.groups > 1) all.insert(w.groups == v.in.channels ? "depthwise" : "groups");
    }
    if (v.acts_as == role::max_pool || v.acts_as == role::average_pool) {
      std::string const pool = v.acts_as == role::max_pool ? "MaxPool" : "AvgPool";
      if (w.stride < w.kernel) all.insert(pool + " overlapping");
      if (w.padding > 0) all.insert(pool + " padded");
    }
    if (v.acts_as == role::normalisation) all.insert(with_number("BN after role", static_cast<int>(before.acts_as)));
    if (v.acts_as == role::input) all.insert(v.out.is_image() ? "Image" : "Features");
  }
}

/// Networks of consecutive seeds from one table.
template<class Table, int First, int... Channels, int... I>
std::vector<generated_network> generate(std::integer_sequence<int, I...>) {
  std::vector<generated_network> all;
  auto const add = [&]<int Seed>(std::integral_constant<int, Seed>) {
    using Net = generated<Table, Seed, Channels...>;
    static constexpr auto& g = graph_of<Net>;
    auto const names = boost::hana::unpack(leaves<Net>, [](auto... types) {
      return std::vector<std::string>{spelled<typename decltype(types)::type>()...};
    });
    cover(facts_of<Net>, names, {g.nodes, static_cast<std::size_t>(g.size)});
    using algorithms = std::conditional_t<Seed % 2 == 0, Auto, Direct>;
    all.push_back({with_number("seed", Seed) + ", " + spelled<Net>(), make_specimen<Net, FusedBy<algorithms>>,
                   make_specimen<Net, UnfusedBy<algorithms>>, make_specimen<Net, Reference>});
  };
  (add(std::integral_constant<int, First + I>{}), ...);
  return all;
}
template<class Table, int First, int Count, int... Channels> std::vector<generated_network> generate() {
  return generate<Table, First, Channels...>(std::make_integer_sequence<int, Count>{});
}

/// The law of one network: what differs between its policies; "" where nothing does. By default in batches of several
/// sizes.
inline std::string broken_law(generated_network const& network, double tolerance, std::vector<int> batches = {}) {
  auto const reference = network.reference();
  dictionary const start = disturbed(reference->state(), reference->nodes);
  if (batches.empty())
    batches = reference->takes_one_sample() ? std::vector{5, 1, 2, largest_batch} : std::vector{5, 2, largest_batch};
  trace const expected = observe_from(start, *reference, batches);
  std::string broken;
  for (auto* const make : {network.fused, network.unfused}) {
    if (make == nullptr) continue;
    auto const measured = observe_from(start, *make(), batches);
    auto const found = differences(measured, expected, tolerance);
    if (!found.empty()) broken += (make == network.fused ? "\nfused:" : "\nunfused:") + joined(found);
  }
  if (magnitude(expected[1].tensors[0].values) == 0) broken += "\nthe output is zero";
  if (magnitude(expected[2].tensors.front().values) == 0 && magnitude(expected[2].tensors.back().values) == 0 &&
      !mentions({network.name}, "BinaryStep"))
    broken += "\nthe gradients are zero";
  return broken.empty() ? "" : network.name + broken;
}

}  // namespace laws
