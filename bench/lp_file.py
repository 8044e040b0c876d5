"""A linear problem and a solution of it as files of plain arrays: what each solver of side_by_side.py reads and leaves.

An LP file is four int64 (columns, rows, nonzeros, version 1), the offset, and after it in the machine's own byte order
  cost, column_lower, column_upper  [column] double      row_lower, row_upper  [row] double
  start  [column + 1] int32         index  [nonzero] int32, ascending in a column         value  [nonzero] double
A solution file is x [column] and the row duals [row], double. lp_file.h reads and writes the same. Nothing is rounded
on the way, as it would be in MPS.
"""

import numpy as np

VERSION = 1


def write_lp(highs, path):
    """What HiGHS holds, by columns."""
    import highspy
    from scipy import sparse

    lp = highs.getLp()
    matrix = (np.asarray(lp.a_matrix_.value_), np.asarray(lp.a_matrix_.index_), np.asarray(lp.a_matrix_.start_))
    kind = sparse.csc_matrix if lp.a_matrix_.format_ == highspy.MatrixFormat.kColwise else sparse.csr_matrix
    by_column = kind(matrix, shape=(lp.num_row_, lp.num_col_)).tocsc()
    by_column.sum_duplicates()
    by_column.sort_indices()
    with open(path, "wb") as out:
        np.array([lp.num_col_, lp.num_row_, by_column.nnz, VERSION], np.int64).tofile(out)
        for values in ([lp.offset_], lp.col_cost_, lp.col_lower_, lp.col_upper_, lp.row_lower_, lp.row_upper_):
            np.asarray(values, np.float64).tofile(out)
        for indices in (by_column.indptr, by_column.indices):
            indices.astype(np.int32).tofile(out)
        by_column.data.astype(np.float64).tofile(out)


def read_lp(path):
    """A HighsLp."""
    import highspy

    lp = highspy.HighsLp()
    with open(path, "rb") as file:
        columns, rows, nonzeros, version = (int(x) for x in np.fromfile(file, np.int64, 4))
        if version != VERSION:
            raise ValueError(f"{path} is not an LP file of version {VERSION}")
        lp.num_col_, lp.num_row_ = columns, rows
        lp.offset_ = float(np.fromfile(file, np.float64, 1)[0])
        lp.col_cost_, lp.col_lower_, lp.col_upper_ = (np.fromfile(file, np.float64, columns) for _ in range(3))
        lp.row_lower_, lp.row_upper_ = (np.fromfile(file, np.float64, rows) for _ in range(2))
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.num_col_, lp.a_matrix_.num_row_ = columns, rows
        lp.a_matrix_.start_ = np.fromfile(file, np.int32, columns + 1)
        lp.a_matrix_.index_ = np.fromfile(file, np.int32, nonzeros)
        lp.a_matrix_.value_ = np.fromfile(file, np.float64, nonzeros)
    return lp


def write_solution(solution, path):
    with open(path, "wb") as out:
        np.asarray(solution.col_value, np.float64).tofile(out)
        np.asarray(solution.row_dual, np.float64).tofile(out)
