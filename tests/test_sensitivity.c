/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_qrng.h>

#include "close.h"
#include "must.h"
#include "sim/address.h"
#include "sim/sensitivity.h"

/* --- base points and runs --- */

static uint64_t word_at(uint64_t seed, size_t row, size_t column)
{
    ltv_stream stream = {.seed = seed};
    return ltv_address_word(stream, (uint32_t)row, (uint32_t)column + 1,
                            LTV_PURPOSE_VOLUNTARY_CHURN, 0);
}

static ltv_uniform *random_base(size_t n, size_t dimensions, uint64_t seed)
{
    ltv_uniform *base = must(calloc(n * dimensions, sizeof *base));
    for (size_t j = 0; j < n; j++)
        for (size_t c = 0; c < dimensions; c++)
            base[j * dimensions + c] = ltv_uniform_of_word(word_at(seed, j, c), 0);
    return base;
}

/* Sobol points with a random digital shift: each point alone is uniform. */
static ltv_uniform *sobol_base(size_t n, size_t dimensions, uint64_t seed)
{
    ltv_uniform *base = must(calloc(n * dimensions, sizeof *base));
    double *x =
        must(calloc(dimensions, sizeof *x)); /* the first point is the origin; GSL omits it */
    gsl_qrng *sequence = must(gsl_qrng_alloc(gsl_qrng_sobol, (unsigned)dimensions));
    for (size_t j = 0; j < n; j++) {
        for (size_t c = 0; c < dimensions; c++) {
            uint64_t word = (uint64_t)(x[c] * 0x1p64) ^ word_at(seed, 0, c);
            base[j * dimensions + c] = ltv_uniform_of_word(word, 0);
        }
        gsl_qrng_get(sequence, x);
    }
    gsl_qrng_free(sequence);
    free(x);
    return base;
}

/* Every combination of 1/4 and 3/4: means over it are exact expectations over independent coins. */
static ltv_uniform *factorial_base(size_t dimensions)
{
    size_t n = (size_t)1 << dimensions;
    ltv_uniform *base = must(calloc(n * dimensions, sizeof *base));
    for (size_t j = 0; j < n; j++)
        for (size_t c = 0; c < dimensions; c++)
            base[j * dimensions + c] =
                j >> c & 1 ? (ltv_uniform){0.75, 0.25} : (ltv_uniform){0.25, 0.75};
    return base;
}

/* Fills the outputs at one point. */
typedef void (*model)(double *outputs, const ltv_uniform *point);

static double *evaluate(const ltv_sensitivity_design *design, const ltv_uniform *base, model f)
{
    size_t n = ltv_sensitivity_evaluations(design);
    double *outputs = must(calloc(n * design->n_outputs, sizeof *outputs));
    ltv_uniform *point = must(calloc(design->n_uniforms, sizeof *point));
    for (size_t e = 0; e < n; e++) {
        ltv_sensitivity_point(point, design, base, e);
        f(outputs + e * design->n_outputs, point);
    }
    free(point);
    return outputs;
}

/* Indices of every output, from base points that are freed. */
static void indices_of(ltv_sensitivity *results, const ltv_sensitivity_design *design,
                       ltv_uniform *base, model f, uint64_t seed)
{
    double *outputs = evaluate(design, base, f);
    for (size_t o = 0; o < design->n_outputs; o++)
        assert_int_equal(ltv_sensitivity_indices(&results[o], design, outputs, o, seed, NULL),
                         LTV_OK);
    free(outputs);
    free(base);
}

/* --- the textbooks' functions --- */

enum { INPUTS = 8, G_FUNCTION = 0, ISHIGAMI = 1 };

static const double g_weights[INPUTS] = {0, 1, 4.5, 9, 99, 99, 99, 99};

static double ishigami(const ltv_uniform *point)
{
    double x[3];
    for (size_t i = 0; i < 3; i++)
        x[i] = M_PI * (2 * point[i].below - 1);
    return sin(x[0]) + 7 * pow(sin(x[1]), 2) + 0.1 * pow(x[2], 4) * sin(x[0]);
}

/* Both at once; Ishigami's reads three inputs of the eight. */
static void textbook_functions(double *outputs, const ltv_uniform *point)
{
    outputs[G_FUNCTION] = 1;
    for (size_t i = 0; i < INPUTS; i++)
        outputs[G_FUNCTION] *= (fabs(4 * point[i].below - 2) + g_weights[i]) / (1 + g_weights[i]);
    outputs[ISHIGAMI] = ishigami(point);
}

typedef struct {
    double standard_deviation, additive, first[INPUTS], total[INPUTS];
} exact_shares;

static exact_shares exact_g(void)
{
    exact_shares exact = {0};
    double product = 1, part[INPUTS];
    for (size_t i = 0; i < INPUTS; i++) {
        part[i] = 1 / (3 * pow(1 + g_weights[i], 2));
        product *= 1 + part[i];
    }
    for (size_t i = 0; i < INPUTS; i++) {
        exact.first[i] = part[i] / (product - 1);
        exact.total[i] = part[i] * (product / (1 + part[i])) / (product - 1);
        exact.additive += exact.first[i];
    }
    exact.standard_deviation = sqrt(product - 1);
    return exact;
}

static exact_shares exact_ishigami(void)
{
    double a = 7, b = 0.1, pi4 = pow(M_PI, 4);
    double alone_1 = pow(1 + b * pi4 / 5, 2) / 2, alone_2 = a * a / 8;
    double both = b * b * pi4 * pi4 * 8 / 225, variance = alone_1 + alone_2 + both;
    return (exact_shares){
        .standard_deviation = sqrt(variance),
        .additive = (alone_1 + alone_2) / variance,
        .first = {alone_1 / variance, alone_2 / variance},
        .total = {(alone_1 + both) / variance, alone_2 / variance, both / variance}};
}

static void the_closed_forms_are_the_published_ones(void **state)
{
    (void)state;
    exact_shares exact = exact_ishigami();
    static const double first[] = {0.3139, 0.4424, 0}, total[] = {0.5576, 0.4424, 0.2437};
    for (size_t i = 0; i < 3; i++) {
        assert_within("first", exact.first[i], first[i], 5e-5);
        assert_within("total", exact.total[i], total[i], 5e-5);
    }
}

/* Mean and error over replications. */
typedef struct {
    double n, sum, squares;
} replications;

static void add(replications *self, double x)
{
    self->n++;
    self->sum += x;
    self->squares += x * x;
}

static double mean_of(const replications *self)
{
    return self->sum / self->n;
}

static double deviation_of(const replications *self)
{
    double mean = mean_of(self);
    return sqrt(fmax(0, (self->squares - self->n * mean * mean) / (self->n - 1)));
}

static double standard_error_of(const replications *self)
{
    return deviation_of(self) / sqrt(self->n);
}

static void assert_mean(const char *label, const replications *self, double expected, double score)
{
    assert_within(label, mean_of(self), expected, score * standard_error_of(self));
}

/* 24 shifts of 4,096 Sobol points: the estimates err independently, and their mean is compared with
 * the closed form by Student's t. 2 outputs with 18 figures each: a limit of 8 standard errors,
 * passed with a chance of 1e-6 / 36 each. Power: the standard error for each dominant share is
 * asserted to be below 0.1 % of it, so that an error of 1 % lies 10 of them away. */
static void shares_of_the_textbooks_functions_are_the_closed_forms(void **state)
{
    (void)state;
    enum { SHIFTS = 24, N = 4096 };
    ltv_sensitivity_design design = {
        .n_base = N, .n_uniforms = INPUTS, .n_inputs = INPUTS, .n_outputs = 2};
    const exact_shares exact[] = {exact_g(), exact_ishigami()};
    static const char *const labels[] = {"g-function", "Ishigami"};
    replications deviation[2] = {0}, additive[2] = {0}, first[2][INPUTS] = {0},
                 total[2][INPUTS] = {0};
    for (uint64_t seed = 1; seed <= SHIFTS; seed++) {
        ltv_sensitivity results[2];
        indices_of(results, &design, sobol_base(N, 2 * INPUTS, seed), textbook_functions, seed);
        for (size_t o = 0; o < 2; o++) {
            add(&deviation[o], results[o].standard_deviation);
            add(&additive[o], results[o].additive.value);
            for (size_t i = 0; i < INPUTS; i++) {
                add(&first[o][i], results[o].inputs[i].first.value);
                add(&total[o][i], results[o].inputs[i].total.value);
            }
            ltv_sensitivity_free(&results[o]);
        }
    }
    double score = gsl_cdf_tdist_Qinv(1e-6 / 36 / 2, SHIFTS - 1);
    for (size_t o = 0; o < 2; o++) {
        assert_mean(labels[o], &deviation[o], exact[o].standard_deviation, score);
        assert_mean(labels[o], &additive[o], exact[o].additive, score);
        for (size_t i = 0; i < INPUTS; i++) {
            assert_mean(labels[o], &first[o][i], exact[o].first[i], score);
            assert_mean(labels[o], &total[o][i], exact[o].total[i], score);
            if (exact[o].first[i] > 0.1)
                assert_that(labels[o], standard_error_of(&first[o][i]) < 1e-3 * exact[o].first[i]);
            if (exact[o].total[i] > 0.1)
                assert_that(labels[o], standard_error_of(&total[o][i]) < 1e-3 * exact[o].total[i]);
        }
    }
}

static void an_input_that_is_not_read_has_exactly_nothing(void **state)
{
    (void)state;
    ltv_sensitivity_design design = {
        .n_base = 64, .n_uniforms = INPUTS, .n_inputs = INPUTS, .n_outputs = 2};
    ltv_sensitivity results[2];
    indices_of(results, &design, random_base(64, 2 * INPUTS, 1), textbook_functions, 1);
    for (size_t i = 3; i < INPUTS; i++) {
        ltv_sensitivity_input input = results[ISHIGAMI].inputs[i];
        assert_true(input.first.value == 0 && input.first.low == 0 && input.first.high == 0);
        assert_true(input.total.value == 0 && input.total.low == 0 && input.total.high == 0);
    }
    ltv_sensitivity_free(&results[0]);
    ltv_sensitivity_free(&results[1]);
}

/* --- functions of coins, where the estimates are the exact shares --- */

static double coin(ltv_uniform u)
{
    return u.below > 0.5 ? 1 : -1;
}

enum { COIN_MODELS = 4 };

static void coin_models(double *outputs, const ltv_uniform *point)
{
    double x = coin(point[0]), y = coin(point[1]), z = coin(point[2]);
    outputs[0] = 5 + 3 * x - 2 * y + z;
    outputs[1] = (1 + x) * (1 + 2 * y);
    outputs[2] = x * y + z;
    outputs[3] = x * y * z + 10;
}

static void shares_of_functions_of_coins_are_exact(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        double mean, variance, first[3], total[3];
    } cases[COIN_MODELS] = {
        {"a sum", 5, 14, {9, 4, 1}, {9, 4, 1}},
        {"a product with means", 1, 9, {1, 4, 0}, {5, 8, 0}},
        {"two that act only together", 0, 2, {0, 0, 1}, {1, 1, 1}},
        {"three that act only together", 10, 1, {0, 0, 0}, {1, 1, 1}},
    };
    ltv_sensitivity_design design = {
        .n_base = 64, .n_uniforms = 3, .n_inputs = 3, .n_outputs = COIN_MODELS};
    ltv_sensitivity results[COIN_MODELS];
    indices_of(results, &design, factorial_base(6), coin_models, 1);
    for (size_t o = 0; o < COIN_MODELS; o++) {
        const char *label = cases[o].label;
        double variance = cases[o].variance, additive = 0;
        assert_within(label, results[o].mean, cases[o].mean, 1e-14);
        assert_close(label, results[o].standard_deviation, sqrt(variance), 1e-14);
        assert_int_equal(results[o].n_inputs, 3);
        for (size_t i = 0; i < 3; i++) {
            additive += cases[o].first[i] / variance;
            assert_within(label, results[o].inputs[i].first.value, cases[o].first[i] / variance,
                          1e-14);
            assert_within(label, results[o].inputs[i].total.value, cases[o].total[i] / variance,
                          1e-14);
        }
        assert_within(label, results[o].additive.value, additive, 1e-14);
        ltv_sensitivity_free(&results[o]);
    }
}

static void a_group_has_the_effects_within_it_as_its_own(void **state)
{
    (void)state;
    /* x y + z with x and y in a group; the group's number must not matter. */
    static const struct {
        const char *label;
        size_t input_of[3], pair, single;
    } cases[] = {{"pair first", {0, 0, 1}, 0, 1}, {"pair last", {1, 1, 0}, 1, 0}};
    for (size_t c = 0; c < 2; c++) {
        ltv_sensitivity_design design = {.n_base = 64,
                                         .n_uniforms = 3,
                                         .n_inputs = 2,
                                         .input_of = cases[c].input_of,
                                         .n_outputs = COIN_MODELS};
        ltv_sensitivity results[COIN_MODELS];
        indices_of(results, &design, factorial_base(6), coin_models, 1);
        ltv_sensitivity_input pair = results[2].inputs[cases[c].pair];
        assert_within(cases[c].label, pair.first.value, 0.5, 1e-14);
        assert_within(cases[c].label, pair.total.value, 0.5, 1e-14);
        pair = results[0].inputs[cases[c].pair];
        assert_within(cases[c].label, pair.first.value, 13.0 / 14, 1e-14);
        assert_within(cases[c].label, results[0].inputs[cases[c].single].total.value, 1.0 / 14,
                      1e-14);
        for (size_t o = 0; o < COIN_MODELS; o++)
            ltv_sensitivity_free(&results[o]);
    }
}

static const double tie = 0.6;

/* The sum of two inputs with correlation `tie` and of one that is alone. The first output builds
 * the second from the first, as a copula does; the other output the other way round. */
static void tied_inputs(double *outputs, const ltv_uniform *point)
{
    double x = coin(point[0]), own = sqrt(1 - tie * tie) * coin(point[1]), z = coin(point[2]);
    outputs[0] = 2 * x + (tie * x + own) + z;
    outputs[1] = 2 * (tie * x + own) + x + z;
}

static void only_a_group_makes_shares_of_tied_inputs_independent_of_their_order(void **state)
{
    (void)state;
    double variance = 4 + 1 + 4 * tie + 1, own = 1 - tie * tie;
    static const size_t input_of[] = {0, 0, 1};
    ltv_sensitivity_design apart = {.n_base = 64, .n_uniforms = 3, .n_inputs = 3, .n_outputs = 2};
    ltv_sensitivity_design grouped = apart;
    grouped.n_inputs = 2;
    grouped.input_of = input_of;
    ltv_sensitivity results[2];
    indices_of(results, &apart, factorial_base(6), tied_inputs, 1);
    assert_within("first built", results[0].inputs[0].first.value, pow(2 + tie, 2) / variance,
                  1e-14);
    assert_within("built later", results[0].inputs[1].first.value, own / variance, 1e-14);
    assert_within("built later", results[1].inputs[1].first.value, 4 * own / variance, 1e-14);
    ltv_sensitivity_free(&results[0]);
    ltv_sensitivity_free(&results[1]);
    indices_of(results, &grouped, factorial_base(6), tied_inputs, 1);
    for (size_t o = 0; o < 2; o++) {
        assert_within("group", results[o].inputs[0].first.value, (5 + 4 * tie) / variance, 1e-14);
        assert_within("alone", results[o].inputs[1].first.value, 1 / variance, 1e-14);
        ltv_sensitivity_free(&results[o]);
    }
}

/* --- the design --- */

static void points_stand_in_the_documented_order(void **state)
{
    (void)state;
    ltv_uniform base[2 * 6];
    for (size_t i = 0; i < 12; i++) {
        double u = (double)(i + 1) / 16;
        base[i] = (ltv_uniform){u, 1 - u};
    }
    /* Which of the row's six numbers, by evaluation, with groups {0, 2} and {1}. */
    static const size_t input_of[] = {0, 1, 0};
    static const size_t expected[4][3] = {{0, 1, 2}, {3, 4, 5}, {3, 1, 5}, {0, 4, 2}};
    ltv_sensitivity_design design = {
        .n_base = 2, .n_uniforms = 3, .n_inputs = 2, .input_of = input_of, .n_outputs = 1};
    assert_int_equal(ltv_sensitivity_evaluations(&design), 8);
    for (size_t e = 0; e < 8; e++) {
        ltv_uniform point[3];
        ltv_sensitivity_point(point, &design, base, e);
        for (size_t c = 0; c < 3; c++) {
            const ltv_uniform *from = &base[e / 4 * 6 + expected[e % 4][c]];
            assert_memory_equal(&point[c], from, sizeof *from);
        }
    }
}

static void designs_that_make_no_sense_are_refused(void **state)
{
    (void)state;
    static const size_t beyond[] = {0, 2}, unused[] = {1, 1}, good[] = {1, 0};
    static const struct {
        const char *label, *words;
        ltv_sensitivity_design design;
    } cases[] = {
        {"one row", "1 base points", {1, 2, 2, NULL, 1}},
        {"too many rows", "base points", {(size_t)1 << 32, 2, 2, NULL, 1}},
        {"no input", "0 inputs", {8, 0, 0, NULL, 1}},
        {"no output", "0 outputs", {8, 2, 2, NULL, 0}},
        {"more inputs than numbers", "3 inputs", {8, 2, 3, good, 1}},
        {"no groups", "need groups", {8, 2, 1, NULL, 1}},
        {"beyond the inputs", "number 1 belongs to no input", {8, 2, 2, beyond, 1}},
        {"an input without a number", "1 of 2 inputs have no number", {8, 2, 2, unused, 1}},
        {"outputs beyond memory", "memory", {8, 2, 2, NULL, SIZE_MAX / 64}},
        {"inputs beyond memory", "memory", {8, SIZE_MAX, SIZE_MAX, NULL, 1}},
        {"bytes beyond memory", "memory", {1 << 20, 2, 2, NULL, SIZE_MAX >> 23}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ltv_error err = {0};
        assert_that(cases[i].label,
                    ltv_sensitivity_check(&cases[i].design, &err) == LTV_ERR_BAD_INPUT);
        assert_that(cases[i].label, strstr(err.message, cases[i].words) != NULL);
        ltv_sensitivity result;
        assert_that(cases[i].label, ltv_sensitivity_indices(&result, &cases[i].design, NULL, 0, 1,
                                                            NULL) == LTV_ERR_BAD_INPUT);
        ltv_sensitivity_free(&result);
    }
    ltv_sensitivity_design fine = {8, 2, 2, good, 1};
    assert_int_equal(ltv_sensitivity_check(&fine, NULL), LTV_OK);
}

/* --- outputs of all sorts --- */

static void values_that_are_not_finite_are_counted_and_refused(void **state)
{
    (void)state;
    ltv_sensitivity_design design = {.n_base = 4, .n_uniforms = 1, .n_inputs = 1, .n_outputs = 2};
    double outputs[4 * 3 * 2];
    for (size_t i = 0; i < 24; i++)
        outputs[i] = (double)(i * i % 7);
    outputs[1] = outputs[7] = NAN;
    outputs[23] = -INFINITY;
    ltv_sensitivity result;
    ltv_error err = {0};
    assert_int_equal(ltv_sensitivity_indices(&result, &design, outputs, 1, 1, &err),
                     LTV_ERR_BAD_INPUT);
    assert_non_null(strstr(err.message, "at 3 of 12 points"));
    ltv_sensitivity_free(&result);
    err = (ltv_error){0};
    assert_int_equal(ltv_sensitivity_indices(&result, &design, outputs, 2, 1, &err),
                     LTV_ERR_BAD_INPUT);
    assert_non_null(strstr(err.message, "no output 2, only 2"));
    ltv_sensitivity_free(&result);
    assert_int_equal(ltv_sensitivity_indices(&result, &design, outputs, 0, 1, NULL), LTV_OK);
    ltv_sensitivity_free(&result);
}

static void one_input_and_two_rows_are_enough(void **state)
{
    (void)state;
    /* f(A) = 0, 2; f(B) = 4, 2; A_1 is B, since there is no other input. */
    ltv_sensitivity_design design = {.n_base = 2, .n_uniforms = 1, .n_inputs = 1, .n_outputs = 1};
    static const double outputs[] = {0, 4, 4, 2, 2, 2};
    ltv_sensitivity result;
    assert_int_equal(ltv_sensitivity_indices(&result, &design, outputs, 0, 1, NULL), LTV_OK);
    /* Mean 2 and variance 2; first: (2 * 4 + 0) / 2 / 2; total: (16 + 0) / 2 / 2 / 2. */
    assert_close("mean", result.mean, 2, 1e-15);
    assert_close("deviation", result.standard_deviation, sqrt(2), 1e-15);
    assert_close("first", result.inputs[0].first.value, 2, 1e-15);
    assert_close("total", result.inputs[0].total.value, 2, 1e-15);
    /* A resample that has the second row twice is constant. */
    assert_true(isnan(result.inputs[0].first.low) && isnan(result.inputs[0].first.high));
    ltv_sensitivity_free(&result);
}

static void a_constant_has_no_deviation_and_no_shares(void **state)
{
    (void)state;
    static const double constants[] = {0, 0.1, -1e9 / 3, 1e300};
    ltv_sensitivity_design design = {.n_base = 50, .n_uniforms = 2, .n_inputs = 2, .n_outputs = 1};
    for (size_t c = 0; c < sizeof constants / sizeof *constants; c++) {
        double outputs[50 * 4];
        for (size_t i = 0; i < 200; i++)
            outputs[i] = constants[c];
        ltv_sensitivity result;
        assert_int_equal(ltv_sensitivity_indices(&result, &design, outputs, 0, 1, NULL), LTV_OK);
        assert_true(result.mean == constants[c]);
        assert_true(result.standard_deviation == 0);
        assert_true(isnan(result.additive.value));
        for (size_t i = 0; i < 2; i++) {
            assert_true(isnan(result.inputs[i].first.value) && isnan(result.inputs[i].total.value));
            assert_true(isnan(result.inputs[i].first.low) && isnan(result.inputs[i].total.high));
        }
        ltv_sensitivity_free(&result);
    }
}

static void a_share_that_hangs_on_a_single_point_has_no_interval(void **state)
{
    (void)state;
    /* A resample without the one row that differs is constant, and has no shares; the constant's
     * deviation from the mean of all is no round number for some of these N. */
    static const size_t rows[] = {7, 53, 100, 377};
    for (size_t c = 0; c < sizeof rows / sizeof *rows; c++) {
        ltv_sensitivity_design design = {
            .n_base = rows[c], .n_uniforms = 1, .n_inputs = 1, .n_outputs = 1};
        double outputs[377 * 3] = {0}, n = (double)rows[c];
        outputs[10] = outputs[11] = 0.1; /* B of row 3, and so A_1 */
        ltv_sensitivity result;
        assert_int_equal(ltv_sensitivity_indices(&result, &design, outputs, 0, 1, NULL), LTV_OK);
        assert_close("deviation", result.standard_deviation, 0.1 * sqrt(2 * n - 1) / (2 * n),
                     1e-13);
        assert_close("first", result.inputs[0].first.value, 2, 1e-13);
        assert_close("total", result.inputs[0].total.value, 2 * n / (2 * n - 1), 1e-13);
        assert_true(isnan(result.inputs[0].first.low) && isnan(result.inputs[0].first.high));
        assert_true(isnan(result.inputs[0].total.low) && isnan(result.additive.high));
        ltv_sensitivity_free(&result);
    }
}

static void shares_do_not_depend_on_where_and_in_what_unit_a_figure_is(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        double start, unit, close;
    } cases[] = {{"far away", 1e9, 1, 1e-6},
                 {"cents", 0, 100, 1e-13},
                 {"huge", 0, 1e200, 1e-13},
                 {"tiny", 0, 1e-200, 1e-13},
                 {"upside down", 7, -1, 1e-12}};
    ltv_sensitivity_design design = {
        .n_base = 256, .n_uniforms = INPUTS, .n_inputs = INPUTS, .n_outputs = 2};
    ltv_uniform *base = random_base(256, 2 * INPUTS, 1);
    double *outputs = evaluate(&design, base, textbook_functions);
    size_t n = ltv_sensitivity_evaluations(&design);
    double *moved = must(calloc(n * 2, sizeof *moved));
    ltv_sensitivity plain, result;
    assert_int_equal(ltv_sensitivity_indices(&plain, &design, outputs, 0, 1, NULL), LTV_OK);
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        for (size_t i = 0; i < 2 * n; i++)
            moved[i] = cases[c].start + cases[c].unit * outputs[i];
        assert_int_equal(ltv_sensitivity_indices(&result, &design, moved, 0, 1, NULL), LTV_OK);
        assert_close(cases[c].label, result.standard_deviation,
                     fabs(cases[c].unit) * plain.standard_deviation, cases[c].close);
        for (size_t i = 0; i < INPUTS; i++) {
            const ltv_sensitivity_input *a = &result.inputs[i], *b = &plain.inputs[i];
            assert_within(cases[c].label, a->first.value, b->first.value, cases[c].close);
            assert_within(cases[c].label, a->first.low, b->first.low, cases[c].close);
            assert_within(cases[c].label, a->total.value, b->total.value, cases[c].close);
            assert_within(cases[c].label, a->total.high, b->total.high, cases[c].close);
        }
        ltv_sensitivity_free(&result);
    }
    ltv_sensitivity_free(&plain);
    free(moved);
    free(outputs);
    free(base);
}

/* --- intervals --- */

static void a_seed_gives_the_same_interval_and_another_one_another(void **state)
{
    (void)state;
    ltv_sensitivity_design design = {
        .n_base = 101, .n_uniforms = INPUTS, .n_inputs = INPUTS, .n_outputs = 2};
    ltv_sensitivity results[3][2];
    static const uint64_t seeds[] = {1, 1, 2};
    for (size_t s = 0; s < 3; s++)
        indices_of(results[s], &design, random_base(101, 2 * INPUTS, 1), textbook_functions,
                   seeds[s]);
    size_t bytes = INPUTS * sizeof *results[0][0].inputs;
    assert_memory_equal(results[0][0].inputs, results[1][0].inputs, bytes);
    assert_true(results[0][0].inputs[0].first.value == results[2][0].inputs[0].first.value);
    assert_true(results[0][0].inputs[0].first.low != results[2][0].inputs[0].first.low);
    for (size_t s = 0; s < 3; s++)
        for (size_t o = 0; o < 2; o++)
            ltv_sensitivity_free(&results[s][o]);
}

static void only_ishigami(double *outputs, const ltv_uniform *point)
{
    outputs[0] = ishigami(point);
}

/* What became of one share over many runs. */
typedef struct {
    double exact;
    unsigned covered;
    replications value, width;
} coverage;

static void add_coverage(coverage *self, ltv_sensitivity_share share)
{
    self->covered += share.low <= self->exact && self->exact <= share.high;
    add(&self->value, share.value);
    add(&self->width, share.high - share.low);
}

/* The least count of n that is passed downwards with a chance of at most p. */
static unsigned least_count(double share, unsigned n, double p)
{
    unsigned least = 0;
    while (gsl_cdf_binomial_P(least, share, n) <= p)
        least++;
    return least;
}

/* 500 runs of 200 random rows; 100 with LTV_TEST_DOSE=small. Seven intervals must each cover in at
 * least as many runs as a coverage of 95 % leaves with all but a chance of 1e-6 / 14. They must be
 * as wide as the estimates scatter: width over 2 x 1.96 standard deviations of the estimates, whose
 * own relative error is about 1 / sqrt(2 runs), within 5.6 of that (18 % of 500 runs), passed with
 * a chance of 1e-6 / 14 at most. Intervals of half the rows (a factor sqrt(2)) fall out on either.
 */
static void intervals_cover_the_closed_form_and_are_as_wide_as_estimates_scatter(void **state)
{
    (void)state;
    enum { N = 200 };
    const char *dose = getenv("LTV_TEST_DOSE");
    unsigned runs = dose != NULL && strcmp(dose, "small") == 0 ? 100 : 500;
    ltv_sensitivity_design design = {.n_base = N, .n_uniforms = 3, .n_inputs = 3, .n_outputs = 1};
    exact_shares exact = exact_ishigami();
    coverage shares[7] = {{.exact = exact.additive}};
    for (size_t i = 0; i < 3; i++) {
        shares[1 + i].exact = exact.first[i];
        shares[4 + i].exact = exact.total[i];
    }
    for (uint64_t seed = 1; seed <= runs; seed++) {
        ltv_sensitivity result;
        indices_of(&result, &design, random_base(N, 6, seed), only_ishigami, seed + runs);
        add_coverage(&shares[0], result.additive);
        for (size_t i = 0; i < 3; i++) {
            add_coverage(&shares[1 + i], result.inputs[i].first);
            add_coverage(&shares[4 + i], result.inputs[i].total);
        }
        ltv_sensitivity_free(&result);
    }
    unsigned least = least_count(0.95, runs, 1e-6 / 14);
    for (size_t s = 0; s < 7; s++) {
        double ratio = mean_of(&shares[s].width) / (2 * 1.96 * deviation_of(&shares[s].value));
        assert_that("covered", shares[s].covered >= least);
        assert_within("width over scatter", ratio, 1, 5.6 / sqrt(2 * runs));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_closed_forms_are_the_published_ones),
        cmocka_unit_test(shares_of_the_textbooks_functions_are_the_closed_forms),
        cmocka_unit_test(an_input_that_is_not_read_has_exactly_nothing),
        cmocka_unit_test(shares_of_functions_of_coins_are_exact),
        cmocka_unit_test(a_group_has_the_effects_within_it_as_its_own),
        cmocka_unit_test(only_a_group_makes_shares_of_tied_inputs_independent_of_their_order),
        cmocka_unit_test(points_stand_in_the_documented_order),
        cmocka_unit_test(designs_that_make_no_sense_are_refused),
        cmocka_unit_test(values_that_are_not_finite_are_counted_and_refused),
        cmocka_unit_test(one_input_and_two_rows_are_enough),
        cmocka_unit_test(a_constant_has_no_deviation_and_no_shares),
        cmocka_unit_test(a_share_that_hangs_on_a_single_point_has_no_interval),
        cmocka_unit_test(shares_do_not_depend_on_where_and_in_what_unit_a_figure_is),
        cmocka_unit_test(a_seed_gives_the_same_interval_and_another_one_another),
        cmocka_unit_test(intervals_cover_the_closed_form_and_are_as_wide_as_estimates_scatter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
