/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/cli/report/tables.h"

#include <math.h>

enum { MOST_POINTS = 120 };

const ltv_node *ltv_report_find_table(const ltv_report *r, const char *group, const char *rest)
{
    const ltv_node *table = ltv_document_find(r->page.doc, ltv_page_below(group, rest).text);
    return table != NULL && table->kind == LTV_NODE_TABLE && table->n_rows > 0 ? table : NULL;
}

double ltv_report_real_at(const ltv_node *table, const char *column, size_t row)
{
    const ltv_values *values = ltv_node_column(table, column);
    return values != NULL && values->real != NULL && row < values->n ? values->real[row] : NAN;
}

const char *ltv_report_text_at(const ltv_node *table, const char *column, size_t row)
{
    const ltv_values *values = ltv_node_column(table, column);
    return values != NULL && values->string != NULL && row < values->n ? values->string[row] : "";
}

const double *ltv_report_limits(const ltv_report *r, const char *group, const char *rest, size_t n)
{
    const ltv_node *node = ltv_document_find(r->page.doc, ltv_page_below(group, rest).text);
    bool usable = node != NULL && node->kind == LTV_NODE_ARRAY && node->type == LTV_TYPE_DOUBLE &&
                  node->rank == 2 && node->extent[0] >= n && node->extent[1] == 2;
    return usable ? node->real : NULL;
}

size_t ltv_report_stride(size_t n)
{
    return n <= MOST_POINTS ? 1 : (n - 2) / MOST_POINTS + 1;
}

size_t ltv_report_next(size_t i, size_t n)
{
    size_t next = i + ltv_report_stride(n);
    return i + 1 < n && next >= n ? n - 1 : next;
}
