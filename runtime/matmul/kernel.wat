;; The inner loops of the matrix products, two numbers at a time. scripts/build-kernel.ts writes kernel-bytes.ts from this
;; file; blocks.ts lays out the memory and calls the functions.
;;
;; All addresses and distances are in bytes. The matrices here are at least 1×1. Where a shape is no multiple of four,
;; the tiles at the edge reach over it: they read numbers that mean nothing and write them where nobody looks.
(module
  ;; Fixed in size: four blocks, as blocks.ts lays them out, in pages of 64 KiB. Growing it would detach its buffer, after
  ;; which V8 runs every loop over typed arrays of the whole process more slowly.
  (memory (export "memory") 33 33)

  ;; Lays a matrix (row by row at $source) out as strips of four columns, one strip after the other, each strip row by
  ;; row: what `multiply` reads becomes contiguous.
  (func (export "packColumns") (param $source i32) (param $target i32) (param $rows i32) (param $cols i32)
    (local $row i32) (local $from i32) (local $left i32)
    (local.set $row (i32.shl (local.get $cols) (i32.const 3)))
    (loop $strips
      (local.set $from (local.get $source))
      (local.set $left (local.get $rows))
      (loop $down
        (v128.store (local.get $target) (v128.load (local.get $from)))
        (v128.store offset=16 (local.get $target) (v128.load offset=16 (local.get $from)))
        (local.set $from (i32.add (local.get $from) (local.get $row)))
        (local.set $target (i32.add (local.get $target) (i32.const 32)))
        (br_if $down (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
      (local.set $source (i32.add (local.get $source) (i32.const 32)))
      (br_if $strips
        (i32.gt_s (local.tee $cols (i32.sub (local.get $cols) (i32.const 4))) (i32.const 0)))))

  ;; The same for the transpose of the matrix: strips of four rows, each strip column by column.
  (func (export "packRows") (param $source i32) (param $target i32) (param $rows i32) (param $cols i32)
    (local $row i32) (local $to i32) (local $left i32)
    (local $from0 i32) (local $from1 i32) (local $from2 i32) (local $from3 i32)
    (local $x0 v128) (local $x1 v128) (local $x2 v128) (local $x3 v128)
    (local.set $row (i32.shl (local.get $cols) (i32.const 3)))
    (local.set $from3 (local.get $source))
    (loop $strips
      (local.set $from0 (local.get $from3))
      (local.set $from1 (i32.add (local.get $from0) (local.get $row)))
      (local.set $from2 (i32.add (local.get $from1) (local.get $row)))
      (local.set $from3 (i32.add (local.get $from2) (local.get $row)))
      (local.set $to (local.get $target))
      (local.set $left (local.get $cols))
      (loop $along
        (local.set $x0 (v128.load (local.get $from0)))
        (local.set $x1 (v128.load (local.get $from1)))
        (local.set $x2 (v128.load (local.get $from2)))
        (local.set $x3 (v128.load (local.get $from3)))
        ;; the first numbers of two rows, then the second ones
        (v128.store (local.get $to)
          (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $x0) (local.get $x1)))
        (v128.store offset=16 (local.get $to)
          (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $x2) (local.get $x3)))
        (v128.store offset=32 (local.get $to)
          (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $x0) (local.get $x1)))
        (v128.store offset=48 (local.get $to)
          (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $x2) (local.get $x3)))
        (local.set $from0 (i32.add (local.get $from0) (i32.const 16)))
        (local.set $from1 (i32.add (local.get $from1) (i32.const 16)))
        (local.set $from2 (i32.add (local.get $from2) (i32.const 16)))
        (local.set $from3 (i32.add (local.get $from3) (i32.const 16)))
        (local.set $to (i32.add (local.get $to) (i32.const 64)))
        (br_if $along
          (i32.gt_s (local.tee $left (i32.sub (local.get $left) (i32.const 2))) (i32.const 0))))
      ;; An odd number of columns went one too far; $left is -1 then.
      (local.set $from3 (i32.add (local.get $from3) (i32.shl (local.get $left) (i32.const 3))))
      (local.set $target (i32.add (local.get $target) (i32.shl (local.get $cols) (i32.const 5))))
      (br_if $strips
        (i32.gt_s (local.tee $rows (i32.sub (local.get $rows) (i32.const 4))) (i32.const 0)))))

  ;; C = A·B, or C += A·B if $add is not 0, in tiles of 4×4 that stay in eight registers while the products are summed.
  ;; A has been packed into strips of four rows, B into strips of four columns; C has rows $cRow apart, with room for
  ;; whole tiles.
  ;; One product a turn of the inner loop: V8 unrolls it itself, and of a body that is longer it keeps less in registers.
  (func (export "multiply")
    (param $aFirst i32) (param $bStrip i32) (param $cFirst i32) (param $cRow i32)
    (param $m i32) (param $k i32) (param $n i32) (param $add i32)
    (local $a i32) (local $b i32) (local $rowsLeft i32) (local $left i32)
    (local $c i32) (local $c1 i32) (local $c2 i32) (local $c3 i32)
    (local $x v128) (local $b0 v128) (local $b1 v128)
    (local $c00 v128) (local $c01 v128) (local $c10 v128) (local $c11 v128)
    (local $c20 v128) (local $c21 v128) (local $c30 v128) (local $c31 v128)
    (loop $columns
      (local.set $a (local.get $aFirst))
      (local.set $c (local.get $cFirst))
      (local.set $rowsLeft (local.get $m))
      (loop $rows
        (local.set $c1 (i32.add (local.get $c) (local.get $cRow)))
        (local.set $c2 (i32.add (local.get $c1) (local.get $cRow)))
        (local.set $c3 (i32.add (local.get $c2) (local.get $cRow)))
        (if (local.get $add)
          (then
            (local.set $c00 (v128.load (local.get $c)))
            (local.set $c01 (v128.load offset=16 (local.get $c)))
            (local.set $c10 (v128.load (local.get $c1)))
            (local.set $c11 (v128.load offset=16 (local.get $c1)))
            (local.set $c20 (v128.load (local.get $c2)))
            (local.set $c21 (v128.load offset=16 (local.get $c2)))
            (local.set $c30 (v128.load (local.get $c3)))
            (local.set $c31 (v128.load offset=16 (local.get $c3))))
          (else
            (local.set $c00 (v128.const f64x2 0 0))
            (local.set $c01 (v128.const f64x2 0 0))
            (local.set $c10 (v128.const f64x2 0 0))
            (local.set $c11 (v128.const f64x2 0 0))
            (local.set $c20 (v128.const f64x2 0 0))
            (local.set $c21 (v128.const f64x2 0 0))
            (local.set $c30 (v128.const f64x2 0 0))
            (local.set $c31 (v128.const f64x2 0 0))))
        (local.set $b (local.get $bStrip))
        (local.set $left (local.get $k))
        (loop $products
          (local.set $b0 (v128.load (local.get $b)))
          (local.set $b1 (v128.load offset=16 (local.get $b)))
          (local.set $x (v128.load64_splat (local.get $a)))
          (local.set $c00 (f64x2.add (local.get $c00) (f64x2.mul (local.get $x) (local.get $b0))))
          (local.set $c01 (f64x2.add (local.get $c01) (f64x2.mul (local.get $x) (local.get $b1))))
          (local.set $x (v128.load64_splat offset=8 (local.get $a)))
          (local.set $c10 (f64x2.add (local.get $c10) (f64x2.mul (local.get $x) (local.get $b0))))
          (local.set $c11 (f64x2.add (local.get $c11) (f64x2.mul (local.get $x) (local.get $b1))))
          (local.set $x (v128.load64_splat offset=16 (local.get $a)))
          (local.set $c20 (f64x2.add (local.get $c20) (f64x2.mul (local.get $x) (local.get $b0))))
          (local.set $c21 (f64x2.add (local.get $c21) (f64x2.mul (local.get $x) (local.get $b1))))
          (local.set $x (v128.load64_splat offset=24 (local.get $a)))
          (local.set $c30 (f64x2.add (local.get $c30) (f64x2.mul (local.get $x) (local.get $b0))))
          (local.set $c31 (f64x2.add (local.get $c31) (f64x2.mul (local.get $x) (local.get $b1))))
          (local.set $a (i32.add (local.get $a) (i32.const 32)))
          (local.set $b (i32.add (local.get $b) (i32.const 32)))
          (br_if $products (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
        (v128.store (local.get $c) (local.get $c00))
        (v128.store offset=16 (local.get $c) (local.get $c01))
        (v128.store (local.get $c1) (local.get $c10))
        (v128.store offset=16 (local.get $c1) (local.get $c11))
        (v128.store (local.get $c2) (local.get $c20))
        (v128.store offset=16 (local.get $c2) (local.get $c21))
        (v128.store (local.get $c3) (local.get $c30))
        (v128.store offset=16 (local.get $c3) (local.get $c31))
        (local.set $c (i32.add (local.get $c3) (local.get $cRow)))
        (br_if $rows
          (i32.gt_s (local.tee $rowsLeft (i32.sub (local.get $rowsLeft) (i32.const 4))) (i32.const 0))))
      (local.set $bStrip (local.get $b))
      (local.set $cFirst (i32.add (local.get $cFirst) (i32.const 32)))
      (br_if $columns
        (i32.gt_s (local.tee $n (i32.sub (local.get $n) (i32.const 4))) (i32.const 0)))))

  ;; Moves rows that lie $rowBytes apart together, so that $cols numbers follow $cols numbers. Two numbers at a time: of
  ;; an odd row one too many, which the next row overwrites.
  (func (export "closeGaps") (param $c i32) (param $rows i32) (param $cols i32) (param $rowBytes i32)
    (local $from i32) (local $to i32) (local $left i32) (local $source i32)
    (local.set $source (local.get $c))
    (loop $down
      (local.set $from (local.get $source))
      (local.set $to (local.get $c))
      (local.set $left (local.get $cols))
      (loop $along
        (v128.store (local.get $to) (v128.load (local.get $from)))
        (local.set $from (i32.add (local.get $from) (i32.const 16)))
        (local.set $to (i32.add (local.get $to) (i32.const 16)))
        (br_if $along
          (i32.gt_s (local.tee $left (i32.sub (local.get $left) (i32.const 2))) (i32.const 0))))
      (local.set $source (i32.add (local.get $source) (local.get $rowBytes)))
      (local.set $c (i32.add (local.get $c) (i32.shl (local.get $cols) (i32.const 3))))
      (br_if $down (local.tee $rows (i32.sub (local.get $rows) (i32.const 1)))))))
