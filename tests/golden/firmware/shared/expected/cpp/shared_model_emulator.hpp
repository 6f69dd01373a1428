/* shared_model: bit-accurate emulator of the firmware for C++17, made by symlut 0.1.0.
 * No global state: each object is one event in flight. */
#ifndef shared_model_EMULATOR_HPP
#define shared_model_EMULATOR_HPP

#include <cstdint>

namespace shared_model_emulator {
inline namespace vf0dba15db029890d {

class model {
public:
    /* inputs, in order: a, b, c */
    static constexpr int inputs = 3;
    /* results, in order: p, q */
    static constexpr int outputs = 2;
    static constexpr int latency = 4; /* clock cycles in the firmware */
    static constexpr double clock_mhz = 360;
    static constexpr const char *version = "f0dba15db029890d";

    /* raw [inputs]: values as in the data; scaled, rounded and overflowed */
    void prepare_input(const double raw[]);
    /* in [inputs]: integers, value * 2^(W - I) of each input's fixed<W,I> */
    void set_input(const std::int64_t in[]);
    void predict();
    /* value [outputs] */
    void read_result(double value[]) const;
    const std::int64_t *input() const { return in_; }
    const std::int64_t *output() const { return out_; }

private:
    std::int64_t in_[inputs > 0 ? inputs : 1] = {};
    std::int64_t out_[outputs > 0 ? outputs : 1] = {};
};

} // namespace
} // namespace

#endif
