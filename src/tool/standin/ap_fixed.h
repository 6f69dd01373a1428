/* A stand-in for the ap_fixed.h and ap_int.h of Vitis HLS, for checking emitted HLS C++ without the
 * vendor's headers: the same type names over SystemC's fixed-point types, which round and overflow
 * as ap_fixed does. It covers what symlut emits (arithmetic, comparisons, casts, the range() of
 * all bits), not the whole interface.
 *
 * With STANDIN_FAST defined the types rest on sc_fixed_fast (doubles): exact as long as no variable
 * and no result before a cast has more than 53 bits. */
#ifndef SYMLUT_STANDIN_AP_FIXED_H
#define SYMLUT_STANDIN_AP_FIXED_H

#define SC_INCLUDE_FX
#include <cmath>
#include <cstdint>
#include <sysc/datatypes/fx/fx.h>

typedef sc_dt::sc_q_mode ap_q_mode;
typedef sc_dt::sc_o_mode ap_o_mode;
static const ap_q_mode AP_TRN = sc_dt::SC_TRN;
static const ap_q_mode AP_TRN_ZERO = sc_dt::SC_TRN_ZERO;
static const ap_q_mode AP_RND = sc_dt::SC_RND;
static const ap_q_mode AP_RND_ZERO = sc_dt::SC_RND_ZERO;
static const ap_q_mode AP_RND_INF = sc_dt::SC_RND_INF;
static const ap_q_mode AP_RND_MIN_INF = sc_dt::SC_RND_MIN_INF;
static const ap_q_mode AP_RND_CONV = sc_dt::SC_RND_CONV;
static const ap_o_mode AP_WRAP = sc_dt::SC_WRAP;
static const ap_o_mode AP_SAT = sc_dt::SC_SAT;
static const ap_o_mode AP_SAT_ZERO = sc_dt::SC_SAT_ZERO;
static const ap_o_mode AP_SAT_SYM = sc_dt::SC_SAT_SYM;

#ifdef STANDIN_FAST
template <int W, int I, ap_q_mode Q, ap_o_mode O>
using standin_fixed = sc_dt::sc_fixed_fast<W, I, Q, O>;
template <int W, int I, ap_q_mode Q, ap_o_mode O>
using standin_ufixed = sc_dt::sc_ufixed_fast<W, I, Q, O>;
#else
template <int W, int I, ap_q_mode Q, ap_o_mode O> using standin_fixed = sc_dt::sc_fixed<W, I, Q, O>;
template <int W, int I, ap_q_mode Q, ap_o_mode O>
using standin_ufixed = sc_dt::sc_ufixed<W, I, Q, O>;
#endif

template <int N> struct ap_int {
    long long value;
    constexpr ap_int(long long v = 0) : value(v)
    {
    }
    constexpr operator long long() const
    {
        return value;
    }
};

template <int N> struct ap_uint {
    unsigned long long value;
    constexpr ap_uint(unsigned long long v = 0) : value(v)
    {
    }
    constexpr operator unsigned long long() const
    {
        return value;
    }
};

/* All W bits of x as an unsigned integer, and back. */
template <class Fixed> unsigned long long standin_bits(const Fixed &x)
{
    const int width = Fixed::WIDTH, fraction = Fixed::WIDTH - Fixed::INTEGER;
#ifdef STANDIN_FAST
    const long long integer = (long long)std::ldexp(x.to_double(), fraction);
    return (unsigned long long)integer & (~0ULL >> (64 - width));
#else
    unsigned long long bits = 0;
    for (int i = 0; i < width; i++)
        bits |= (unsigned long long)x.get_bit(i - fraction) << i;
    return bits;
#endif
}

template <class Fixed> void standin_set_bits(Fixed &x, unsigned long long bits)
{
    const int width = Fixed::WIDTH, fraction = Fixed::WIDTH - Fixed::INTEGER;
    bits <<= 64 - width;
    const long long integer =
        Fixed::SIGNED ? (long long)bits >> (64 - width) : (long long)(bits >> (64 - width));
#ifdef STANDIN_FAST
    x = std::ldexp((double)integer, -fraction);
#else
    sc_dt::sc_fxval value(integer);
    if (fraction >= 0)
        value >>= fraction;
    else
        value <<= -fraction;
    x = value;
#endif
}

template <class Fixed> struct standin_range {
    Fixed &x;
    unsigned to_uint() const
    {
        return (unsigned)standin_bits(x);
    }
    unsigned long long to_uint64() const
    {
        return standin_bits(x);
    }
    template <class Integer> void operator=(const Integer &v)
    {
        standin_set_bits(x, (unsigned long long)v);
    }
    template <class Other> void operator=(const standin_range<Other> &r)
    {
        standin_set_bits(x, r.to_uint64());
    }
    void operator=(const standin_range &r)
    {
        standin_set_bits(x, r.to_uint64());
    }
};

#define STANDIN_TYPE(NAME, BASE, IS_SIGNED)                                                        \
    template <int W, int I, ap_q_mode Q = AP_TRN, ap_o_mode O = AP_WRAP>                           \
    struct NAME : BASE<W, I, Q, O> {                                                               \
        typedef BASE<W, I, Q, O> base;                                                             \
        enum { WIDTH = W, INTEGER = I, SIGNED = IS_SIGNED };                                       \
        NAME() : base()                                                                            \
        {                                                                                          \
        }                                                                                          \
        template <class T> NAME(const T &v) : base(v)                                              \
        {                                                                                          \
        }                                                                                          \
        using base::operator=;                                                                     \
        standin_range<NAME> range(int, int)                                                        \
        {                                                                                          \
            return standin_range<NAME>{*this};                                                     \
        }                                                                                          \
    };

STANDIN_TYPE(ap_fixed, standin_fixed, true)
STANDIN_TYPE(ap_ufixed, standin_ufixed, false)

/* SystemC's library refers to one; programs here have a main of their own. */
extern "C" __attribute__((weak)) int sc_main(int, char **)
{
    return 0;
}

#endif
